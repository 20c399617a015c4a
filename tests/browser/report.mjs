// Opens report pages in a real Chromium: what is seen, clicked and typed, that nothing leaves the file, and that everybody
// can use it. The pages are written by `cargo test --test it html`.
//
//     npm ci && npm test        PAGES=folder CHROMIUM=/path/to/chromium

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch } from './chromium.mjs';

const folder = resolve(process.env.PAGES || new URL('../../target/tmp', import.meta.url).pathname);
const six = resolve(folder, 'report-six.html');
const many = resolve(folder, 'report-many.html');
const known = resolve(folder, 'report-known.html');
const payloads = resolve(folder, 'payloads.html');
const picture = resolve(folder, 'payloads.svg');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WIDE = { width: 1280, height: 850 };
const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true };
const VIEWS = ['overview', 'cases', 'states', 'coverage'];
const HOSTILE = 'acme/links.delete/unknown/capitals';

let browser;
before(async () => {
  assert.ok(existsSync(six) && existsSync(many), `no pages in ${folder}: run cargo test --test it html`);
  browser = await launch();
});
after(() => browser?.close());

/** A page that remembers whatever should not happen; `close` asserts that nothing of it did. */
async function open(file, hash = '', { viewport = WIDE, scheme = 'light', scripts = true } = {}) {
  const page = await browser.newPage();
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => wrong.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && url.split('#')[0] !== pathToFileURL(file).href) wrong.push(`request: ${url}`);
  });
  await page.setJavaScriptEnabled(scripts);
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(pathToFileURL(file).href + hash);
  const close = async () => {
    await page.close();
    assert.deepEqual(wrong, []);
  };
  return { page, close, wrong };
}

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const texts = (page, selector) => page.$$eval(selector, (elements) => elements.map((element) => element.textContent));
const shown = (page) => texts(page, '#list .option .id');
const hash = (page) => page.evaluate(() => location.hash);
const caseHash = (id) => `#/cases/${encodeURIComponent(id)}`;

/** Waits until a condition holds in the page; fails with what it was. */
const until = (page, condition, ...values) => page.waitForFunction(condition, { timeout: 10000 }, ...values);

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((it) => `${it.id}: ${it.help}: ${it.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
}

test('what is known is accessible', async () => {
  for (const scheme of ['light', 'dark']) {
    for (const view of ['#/overview', '#/cases', caseHash('acme/links.delete/unknown/other_prefix')]) {
      const { page, close } = await open(known, view, { scheme });
      assert.deepEqual(await violations(page), [], `${scheme} ${view}`);
      await close();
    }
  }
});

for (const scheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
    test(`every view is accessible, ${scheme}, ${size}`, async () => {
      for (const view of [...VIEWS.map((name) => `#/${name}`), caseHash(HOSTILE), caseHash('acme/links.retrieve/live')]) {
        const { page, wrong } = await open(six, view, { viewport, scheme });
        await page.evaluate(() => document.querySelectorAll('details').forEach((box) => (box.open = true)));
        assert.deepEqual(await violations(page), [], view);
        await page.close();
        // The policy lets nobody, axe neither, ask for anything else.
        assert.deepEqual(wrong, [], view);
      }
    });
  }
}

test('no view is wider than a phone', async () => {
  for (const view of [...VIEWS.map((name) => `#/${name}`), caseHash(HOSTILE)]) {
    const { page, close } = await open(six, view, { viewport: PHONE });
    const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(width <= room, `${view} is ${width} wide in ${room}`);
    await close();
  }
});

test('what a vendor says stays text', async () => {
  const { page, close } = await open(six, caseHash(HOSTILE));
  await page.evaluate(() => document.querySelectorAll('details').forEach((box) => (box.open = true)));
  const told = await text(page, '#case');
  assert.ok(told.includes("</script><script>alert('x')</script>"), told);
  assert.ok(told.includes('\\u{202e}') && !told.includes('\u202e'), 'what turns the writing is shown as an escape');
  assert.equal(await page.$$eval('#case script', (found) => found.length), 0);
  await close();
});

/** What of a page is hidden from a reader, or would run or ask somebody: nothing, if what a vendor says stays text. */
const foreign = (page) =>
  page.evaluate(() => {
    const read = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (read.nextNode()) if (!['SCRIPT', 'STYLE'].includes(read.currentNode.parentNode.nodeName)) texts.push(read.currentNode.data);
    const elements = [...document.querySelectorAll('*')];
    const attributes = elements.flatMap((element) => [...element.attributes]);
    texts.push(...attributes.filter((it) => ['title', 'aria-label'].includes(it.name)).map((it) => it.value));
    return {
      pwned: window.pwned ?? null,
      hidden: texts.filter((text) => /(?![\n\t])[\p{C}\p{Zl}\p{Zp}\u{e0100}-\u{e01ef}]/u.test(text)),
      handlers: attributes.filter((it) => it.name.startsWith('on')).map((it) => it.value),
      links: elements.map((it) => it.getAttribute('href')).filter((href) => href && !/^(#|data:,$|https:\/\/odd\.example\/)/.test(href)),
      elements: elements.map((it) => it.localName).filter((name) => ['img', 'iframe', 'base', 'object', 'embed', 'form'].includes(name)),
      scripts: elements.filter((it) => it.localName === 'script' && it.type !== 'application/json').length,
    };
  });

const CLEAN = { pwned: null, hidden: [], handlers: [], links: [], elements: [] };

test('twenty payloads in eight places of an answer run nothing and ask nobody', async () => {
  const { page, close } = await open(payloads);
  const { cases } = JSON.parse(readFileSync(payloads.replace('.html', '.json'), 'utf8'));
  assert.equal(cases.length, 160);
  for (const view of [...VIEWS.map((name) => `#/${name}`), ...cases.map((it) => caseHash(it.id))]) {
    await page.evaluate((view) => (location.hash = view), view);
    if (view.includes('cases/')) await until(page, (id) => document.getElementById('case-title')?.textContent === id, decodeURIComponent(view.split('cases/')[1]));
    await page.evaluate(() => document.querySelectorAll('details').forEach((box) => (box.open = true)));
    assert.deepEqual(await foreign(page), { ...CLEAN, scripts: 1 }, view);
  }
  await close();
});

test('a picture with payloads in it runs nothing and asks nobody', async () => {
  const { page, close } = await open(picture);
  assert.deepEqual(await foreign(page), { ...CLEAN, scripts: 0 });
  await close();
});

test('the policy stops what is not the page', async () => {
  const { page } = await open(six);
  const stopped = await page.evaluate(
    () =>
      new Promise((done) => {
        const seen = [];
        document.addEventListener('securitypolicyviolation', (event) => {
          seen.push(event.effectiveDirective);
          if (seen.length === 2) done(seen.sort());
        });
        const script = document.createElement('script');
        script.textContent = 'window.broken = true';
        document.body.append(script);
        fetch('http://127.0.0.1:9/').catch(() => {});
      }),
  );
  assert.deepEqual(stopped, ['connect-src', 'script-src-elem']);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  await page.close();
});

test('what failed comes first, in sight of a phone too, each cause once with its cases', async () => {
  for (const viewport of [WIDE, PHONE]) {
    const { page, close } = await open(many, '', { viewport });
    const [first, meter] = await page.$$eval('.failure, .meters', ([failure, ...rest]) =>
      [failure, rest.find((it) => it.className === 'meters')].map((it) => it.getBoundingClientRect().top),
    );
    assert.ok(first < viewport.height - 80 && first < meter, `${first}, ${meter}`);
    const groups = await page.$$eval('.failure', (all) => all.map((it) => [it.querySelector('a').textContent, it.querySelectorAll('li').length]));
    assert.ok(groups.length > 1 && groups.length <= 12, `${groups.length}`);
    assert.equal(new Set(groups.map(([id]) => id)).size, groups.length);
    await page.click('.failure a');
    await until(page, (id) => document.getElementById('case-title')?.textContent === id, groups[0][0]);
    await close();
  }
});

test('a case shows promise, clause, page, request, answer, difference and curl', async () => {
  const { page, close } = await open(six, caseHash(HOSTILE));
  const told = await text(page, '#case');
  for (const part of ['link: unknown: not_found (404)', '404.unknown', 'Does not exist', 'specs/acme/links.delete.yaml:20:3', 'curl -X DELETE', 'authorization: Basic $ACME_KEY', '200 where 404 is documented']) {
    assert.ok(told.includes(part), part);
  }
  const address = await page.$eval('#case dl a', (link) => [link.href, link.rel]);
  assert.deepEqual(address, ['https://docs.acme.example/delete-link#top', 'noopener noreferrer']);
  assert.deepEqual((await texts(page, '#case .diff:first-of-type .line')).slice(0, 2), ['- 404\n', '+ 200\n']);
  await close();
});

test('a failing case is copied as an issue that nothing a vendor says can break out of', async () => {
  for (const id of ['acme/links.delete/no_credentials', HOSTILE]) {
    const { page, close } = await open(six, caseHash(id));
    const copied = await page.evaluate(async () => {
      let text;
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (given) => (text = given) } });
      document.querySelector('.copy-issue').click();
      await Promise.resolve();
      return text;
    });
    assert.ok(copied.startsWith('### `'), copied);
    for (const part of [`- case: \`${id} at `, '- promised: `', '- found: `', '- run: `']) assert.ok(copied.includes(part), `${part}\n${copied}`);
    // Outside of code there is nothing but our own words.
    const ours = copied.replace(/^(`{3,})\n[^]*?\n\1$/gm, '').replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, '');
    assert.match(ours, /^[a-zA-Z#:, \n-]*$/, ours);
    await close();
  }
});

test('the keys are told under a question mark, and Escape closes them', async () => {
  const { page, close } = await open(six);
  await page.keyboard.press('?');
  assert.equal(await page.$eval('#keys', (dialog) => dialog.open), true);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await until(page, () => !document.getElementById('keys').open);
  assert.equal(await hash(page), '');
  await close();
});

test('tiles, chips, vendors and words narrow the list', async () => {
  const { page, close } = await open(six);
  await page.click('.tile.v-violates');
  await until(page, () => document.querySelectorAll('#list .option').length === 2);
  assert.deepEqual(await shown(page), [HOSTILE, 'acme/links.delete/unknown/other_prefix']);
  await page.click('.chip[data-verdict="violates"]');
  assert.equal((await shown(page)).length, 10);
  await page.click('.chip[data-verdict="skipped"]');
  await page.click('.chip[data-verdict="environment"]');
  assert.equal((await shown(page)).length, 3);
  await page.select('#vendor', 'globex');
  assert.deepEqual(await shown(page), ['globex/pay_links.delete/live']);
  await page.select('#vendor', '');
  await page.click('.chip[data-verdict="skipped"]');
  await page.click('.chip[data-verdict="environment"]');
  await page.type('#search', 'retrieve REFUSED');
  assert.deepEqual(await shown(page), ['acme/links.retrieve/live']);
  assert.equal(await text(page, '#shown'), '1 of 10 cases');
  await page.type('#search', ' nowhere');
  assert.deepEqual(await shown(page), []);
  await close();
});

test('a cell of the matrix leads to its case, and back to all', async () => {
  const { page, close } = await open(six);
  await page.click('[aria-label="links.delete, unknown: violates"]');
  await until(page, () => document.getElementById('case-title'));
  assert.equal(await text(page, '#case-title'), HOSTILE);
  assert.equal((await shown(page)).length, 3);
  await page.click('.chip.row');
  assert.equal((await shown(page)).length, 10);
  await close();
});

test('the keyboard moves, opens, leaves and searches', async () => {
  const { page, close } = await open(six, '#/cases');
  await page.keyboard.press('j');
  assert.equal(await hash(page), caseHash(HOSTILE));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.equal(await hash(page), caseHash('acme/links.delete/no_credentials'));
  await page.keyboard.press('k');
  assert.equal(await hash(page), caseHash('acme/links.delete/unknown/other_prefix'));
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'case-title');
  await page.keyboard.press('Escape');
  await until(page, () => location.hash === '#/cases');
  await page.keyboard.press('/');
  await until(page, () => document.activeElement.id === 'search');
  await page.keyboard.type('jk');
  assert.equal(await page.$eval('#search', (input) => input.value), 'jk');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await until(page, () => location.hash === '#/overview');
  await close();
});

test('on a phone a case takes the place of the list, and gives it back', async () => {
  const { page, close } = await open(six, '#/cases', { viewport: PHONE });
  const seen = (selector) => page.$eval(selector, (element) => element.checkVisibility());
  assert.deepEqual([await seen('#list'), await seen('#case')], [true, false]);
  await page.tap('#list .option');
  await until(page, () => document.getElementById('case-title')?.checkVisibility());
  assert.deepEqual([await seen('#list'), await seen('#case')], [false, true]);
  await page.tap('.back');
  await until(page, () => document.getElementById('list').checkVisibility());
  assert.equal((await shown(page)).length, 10);
  await close();
});

test('a transition is coloured by its verdict and leads to its case', async () => {
  const { page, close } = await open(six, '#/states');
  assert.equal(await page.$$eval('.machine .move.v-conforms', (found) => found.length), 1);
  assert.equal(await page.$$eval('.machine .move.v-skipped', (found) => found.length), 1);
  await page.click('.machine a[aria-label="links.delete live: conforms"]');
  await until(page, () => document.getElementById('case-title'));
  assert.equal(await text(page, '#case-title'), 'acme/links.delete/live');
  await close();
});

test('coverage says why', async () => {
  const { page, close } = await open(six, '#/coverage');
  await page.click('.page summary');
  await until(page, () => document.querySelector('.page table'));
  const told = await text(page, '.page');
  for (const part of ['the page does not say which operations', 'a charge costs money', 'mock answers already_deleted', 'broken']) {
    assert.ok(told.includes(part), part);
  }
  await close();
});

test('what is known is marked, and told with its owner and its end', async () => {
  const { page, close } = await open(known, '#/cases');
  assert.deepEqual(await texts(page, '#list .tag'), ['known']);
  await page.click('.chip[data-verdict="known"]');
  assert.deepEqual(await shown(page), ['acme/links.delete/unknown/other_prefix']);
  await page.click('#list .option');
  await until(page, () => document.querySelector('#case .known'));
  assert.ok((await text(page, '#case .known')).startsWith('known until 2027-01-31, payments: '));
  assert.ok((await text(page, '#case .case-head')).includes('violates (known)'));
  await page.evaluate(() => (location.hash = '#/overview'));
  await until(page, () => document.querySelector('.overview h2'));
  assert.equal(await text(page, '.overview h2'), 'One case violates the documentation.');
  assert.ok((await text(page, '.tile.v-violates')).includes('1 known'));
  await close();
});

test('a drifted case shows what differs from the accepted answer', async () => {
  const { page, close } = await open(six, caseHash('acme/links.delete/no_credentials'));
  const told = await text(page, '#case');
  for (const part of ['2 differences from the accepted answer', '/code is "b", it was "a"', '-  "code": "a",', 'snapshots/mock/acme']) {
    assert.ok(told.includes(part), part);
  }
  await close();
});

test('dark and light are a choice', async () => {
  const { page, close } = await open(six);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.click('#theme');
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await ground(), dark, 'the choice is kept');
  await page.click('#theme');
  assert.equal(await ground(), light);
  await close();
});

test('without scripts the counts are told', async () => {
  const { page, close } = await open(six, '', { scripts: false });
  assert.ok((await page.content()).includes('2 conforms, 2 violates'));
  await close();
});

test('ten thousand cases open and filter fluently', async () => {
  const { page, close } = await open(many);
  const opened = await page.evaluate(() => performance.getEntriesByType('navigation')[0].domComplete);
  await page.evaluate(() => (location.hash = '#/cases'));
  await until(page, () => document.querySelectorAll('#list .option').length > 5);
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok(nodes < 3000, `${nodes} elements`);
  const strokes = await page.evaluate(() => {
    const search = document.getElementById('search');
    return ['c', 'ca', 'cause7', 'cause7 things1', 'cause7 things12', 'zzz', ''].map((words) => {
      const begun = performance.now();
      search.value = words;
      search.dispatchEvent(new Event('input'));
      document.getElementById('list').getBoundingClientRect();
      return [words, document.getElementById('shown').textContent, performance.now() - begun];
    });
  });
  const counts = strokes.map(([, told]) => told);
  assert.equal(counts[0], '10,000 of 10,000 cases');
  assert.equal(counts[2], '500 of 10,000 cases');
  assert.equal(counts[5], '0 of 10,000 cases');
  assert.equal(counts[6], '10,000 of 10,000 cases');
  await page.evaluate(() => (document.getElementById('list').scrollTop = 1e9));
  await until(page, () => document.querySelector('#list .option[aria-posinset="10000"]'));
  await page.click('#list .option[aria-posinset="10000"]');
  await until(page, () => document.getElementById('case-title'));
  const slowest = Math.max(...strokes.map(([, , took]) => took));
  const size = (statSync(many).size / 1e6).toFixed(1);
  console.log(`# ${size} MB, opened in ${Math.round(opened)} ms, the slowest of ${strokes.length} strokes took ${slowest.toFixed(1)} ms, ${nodes} elements`);
  await close();
});

test('the other views of ten thousand cases open too', async () => {
  const { page, close } = await open(many);
  for (const view of ['overview', 'states', 'coverage']) {
    const took = await page.evaluate((name) => {
      const begun = performance.now();
      location.hash = `#/${name}`;
      return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))));
    }, view);
    await until(page, (name) => document.body.dataset.view === name, view);
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(nodes < 20000, `${nodes} elements in ${view}`);
    console.log(`# ${view}: ${Math.round(took)} ms, ${nodes} elements`);
  }
  await close();
});
