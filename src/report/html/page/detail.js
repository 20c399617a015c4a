// One case: what was promised and by whom, what came, and how to see it again.

function caseView(entry) {
  const about = details(entry);
  return [
    h('div', { class: 'case-head' }, h('h2', { class: 'id', tabindex: '-1', id: 'case-title' }, entry.id), badge(entry), copyAsIssue(entry, about)),
    about.reason && h('p', { class: `reason v-${entry.verdict}` }, about.reason),
    findings(about),
    drift(about),
    facts(entry, about),
    again(about),
    exchanges(about),
  ];
}

function fact(name, ...children) {
  return [h('dt', {}, name), h('dd', {}, ...children)];
}

function facts(entry, about) {
  const several = about.alternatives > 1;
  return h(
    'dl',
    { class: 'facts' },
    fact('promised', entry.promised),
    about.cites.length > 0 && fact(about.cites.length === 1 ? 'clause' : 'clauses', h('ul', { class: 'bare' }, about.cites.map(clause))),
    about.page && fact('page', link(about.page)),
    about.chosen && fact('came', several ? `${about.chosen}, one of ${about.alternatives} documented outcomes` : about.chosen),
    fact('contract', place(about.location)),
    about.notes.length > 0 && fact('notes', h('ul', { class: 'bare' }, about.notes.map((note) => h('li', {}, note)))),
    fact('took', seconds(entry.seconds)),
  );
}

function clause(it) {
  const why = it.untestable ? `untestable: ${it.untestable}` : it.mistaken && `mistaken: ${it.mistaken}`;
  return h('li', {}, h('code', {}, it.id), ' ', h('q', {}, it.says), why && h('span', { class: 'faint' }, ` (${why})`));
}

function place(location) {
  if (!location.file) return h('span', { class: 'faint' }, 'unknown');
  const where = h('code', { class: 'where' }, `${location.file}:${location.line}:${location.column}`);
  return [where, location.text && scroll('pre', 'contract line', {}, location.text)];
}

/** A box that scrolls sideways, which a keyboard can reach too. */
function scroll(tag, label, attributes, ...children) {
  return h(tag, { tabindex: '0', role: 'group', 'aria-label': label, ...attributes }, ...children);
}

function findings(about) {
  if (about.findings.length === 0) return null;
  const items = about.findings.map((finding, number) =>
    h(
      'li',
      {},
      h('p', { class: 'message' }, h('code', { class: 'code' }, finding.code), ' ', h('b', {}, finding.place || 'body'), ': ', finding.message),
      finding.known && h('p', { class: 'known' }, finding.known, finding.issue && [' ', link(finding.issue, 'open the issue')]),
      finding.before && h('p', { class: 'known' }, `seen before, in the run of ${finding.before}`),
      finding.clause && h('ul', { class: 'bare' }, clause(finding.clause)),
      finding.diff.length > 0 && difference(finding, number),
      h('div', { class: 'small' }, place(finding.location)),
    ),
  );
  return h('section', {}, h('h3', {}, plural(items.length, 'finding')), h('ol', { class: 'findings' }, items));
}

/** How the answer differs from the accepted one. */
function drift(about) {
  if (!about.drift) return null;
  const { differences, baseline, diff } = about.drift;
  const names = { '-': 'expected', '+': 'actual', '@': 'gap' };
  const items = differences.map((it) =>
    h('li', {}, h('p', { class: 'message' }, h('code', { class: 'code' }, it.class), ' ', it.message), it.clause && h('ul', { class: 'bare' }, clause(it.clause))),
  );
  const lines = diff.split('\n').filter(Boolean);
  const shown = lines.map((line) => h('span', { class: `line ${names[line[0]] || 'both'}` }, line, '\n'));
  return h(
    'section',
    {},
    h('h3', {}, plural(items.length, 'difference'), ' from the accepted answer'),
    h('ol', { class: 'findings' }, items),
    lines.length > 0 && scroll('pre', 'accepted and actual answer', { class: 'diff' }, shown),
    h('p', { class: 'small' }, 'accepted in ', h('code', { class: 'where' }, baseline)),
  );
}

function difference(finding, number) {
  const names = { '-': 'expected', '+': 'actual', '@': 'gap', ' ': 'both' };
  const lines = finding.diff.map(([sign, text]) =>
    h('span', { class: `line ${names[sign]}` }, h('span', { class: 'sign' }, sign === '@' ? ' ' : sign), ' ', text, '\n'),
  );
  const legend = h('p', { class: 'legend' }, h('span', { class: 'expected' }, '- expected'), ' ', h('span', { class: 'actual' }, '+ actual'));
  return [legend, scroll('pre', `expected and actual of finding ${number + 1}`, { class: 'diff' }, lines)];
}

function again(about) {
  const wrong = about.findings.some((finding) => finding.code === 'state');
  const wanted = about.exchanges.filter((it) => it.curl && (it.purpose === 'case' || (wrong && it.purpose === 'read')));
  const last = wanted.length > 0 ? wanted.slice(-2) : about.exchanges.filter((it) => it.curl).slice(-1);
  const commands = [...new Set(last.map((exchange) => exchange.curl))];
  if (commands.length === 0) return null;
  return h('section', {}, h('h3', {}, 'Send it again'), commands.map(command));
}

function command(text) {
  const button = h('button', { type: 'button', class: 'copy', onclick: () => copy(text, button) }, 'Copy');
  return h('div', { class: 'command' }, scroll('pre', 'curl command', {}, text), button);
}

async function copy(text, button, label = 'Copy') {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Files opened from a disk may not use the clipboard, but may copy what is selected.
    const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' });
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand('copy');
    area.remove();
    button.focus();
  }
  button.firstChild.data = done ? 'Copied' : 'Not copied';
  setTimeout(() => (button.firstChild.data = label), 1500);
}

const PURPOSES = {
  canary: 'is the vendor alive?',
  arrange: 'bring the condition about',
  case: 'the case itself',
  read: 'read the state afterwards',
  cleanup: 'remove what was made',
};

function exchanges(about) {
  if (about.exchanges.length === 0) return null;
  const shown = about.exchanges.map((exchange) => {
    const came = exchange.status ?? 'no answer';
    return h(
      'details',
      { class: 'exchange', open: exchange.purpose === 'case' },
      h(
        'summary',
        {},
        h('span', { class: 'purpose' }, PURPOSES[exchange.purpose]),
        h('code', {}, `${exchange.method} ${path(exchange.url)}`),
        h('b', {}, String(came)),
        h('span', { class: 'faint' }, seconds(exchange.took)),
      ),
      h('p', { class: 'small faint' }, exchange.step, exchange.earlier_tries > 0 && `, after ${plural(exchange.earlier_tries, 'earlier try').replace('trys', 'tries')}`),
      h('h4', {}, 'Request'),
      message(`${exchange.method} ${exchange.url}`, exchange.headers, exchange.body, 'request'),
      h('h4', {}, 'Answer'),
      exchange.failure && h('p', { class: 'reason v-environment' }, exchange.failure),
      exchange.status !== null && message(String(exchange.status), exchange.answer_headers, exchange.answer, 'answer'),
    );
  });
  return h('section', {}, h('h3', {}, plural(shown.length, 'exchange')), shown);
}

function path(url) {
  return url.replace(/^https?:\/\/[^/]+/, '') || url;
}

function message(first, headers, body, label) {
  const lines = headers.map(([name, value]) => [h('span', { class: 'name' }, name), `: ${value}\n`]);
  return scroll('pre', label, { class: 'http' }, h('b', {}, first), '\n', lines, body && ['\n', indented(body)]);
}
