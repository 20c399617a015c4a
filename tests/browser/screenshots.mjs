// Makes the pictures of the README from a real run: the contracts of this repository against a mock that has come to answer
// two of them otherwise, as a vendor may.
//
//     cargo build && cd tests/browser && npm ci && npm run screenshots

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './chromium.mjs';

const root = resolve(new URL('../..', import.meta.url).pathname);
const proviso = join(root, 'target/debug/proviso');
const images = join(root, '.github/images');
const folder = mkdtempSync(join(tmpdir(), 'proviso-'));
const COLUMNS = 112;

/** The mock of contracts in which a vendor has changed its mind, and the variables that a run against it needs. */
async function serve() {
  const specs = join(folder, 'specs');
  cpSync(join(root, 'specs'), specs, { recursive: true });
  change(join(specs, 'omise/linked_accounts.delete.yaml'), 'fields: { deleted: true }', 'fields: { deleted: false }');
  change(join(specs, 'mytpe/pay_links.delete.yaml'), 'Pay link deleted successfully', 'Link deleted');
  const mock = spawn(proviso, ['serve', '--specs', specs, '--print-env', '-q'], { env: {} });
  const environment = {};
  for await (const chunk of mock.stdout) {
    for (const [, name, value] of String(chunk).matchAll(/^export (\w+)='?(.*?)'?$/gm)) environment[name] = value;
    if (environment.PROVISO_TARGET) return { mock, environment };
  }
  throw new Error('the mock did not begin');
}

function change(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(path, text.replaceAll(from, to));
}

/** What a terminal shows of a command: coloured, and as wide as a terminal. */
function shown(command, environment) {
  const inside = `stty cols ${COLUMNS}; ${command}`;
  const { stdout } = spawnSync('script', ['-qec', inside, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env.PATH, TERM: 'xterm-256color', SHELL: '/bin/bash', CI: '1', ...environment },
    encoding: 'utf8',
  });
  return stdout.replaceAll('\r', '').trimEnd();
}

const COLOURS = { 31: '#ff8f8f', 32: '#63d083', 33: '#e8b84a', 35: '#d9a5f5', 36: '#7fd3e0' };
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A picture of what a terminal shows: text that stays text, sharp at any size. */
function svg(text) {
  const lines = text.split('\n').map((line) => (line.length > 400 ? line.slice(0, 400) : line));
  const height = lines.length * 18 + 32;
  const width = COLUMNS * 8 + 32;
  let style = {};
  const rows = lines.map((line, number) => {
    let column = 0;
    const spans = line.split(/(\x1b\[[\d;]*m)/).map((part) => {
      const codes = part.match(/^\x1b\[([\d;]*)m$/);
      if (codes) {
        for (const code of (codes[1] || '0').split(';')) {
          if (code === '0') style = {};
          else if (code === '1') style.bold = true;
          else if (code === '2') style.faint = true;
          else style.colour = COLOURS[code];
        }
        return '';
      }
      const room = part.slice(0, Math.max(0, COLUMNS - column));
      const x = 16 + column * 8;
      column += part.length;
      if (room.trim() === '') return '';
      const fill = style.colour ? ` fill="${style.colour}"` : style.faint ? ' fill="#9aa4b0"' : '';
      const weight = style.bold ? ' font-weight="700"' : '';
      return `<tspan x="${x}" textLength="${room.length * 8}"${fill}${weight}>${escaped(room.replaceAll(' ', '\u00a0'))}</tspan>`;
    });
    return `<text y="${number * 18 + 30}">${spans.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="#0f1216"/>
<g fill="#e5e9ee" font-size="13" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace">
${rows.filter((row) => row.includes('tspan')).join('\n')}
</g>
</svg>
`;
}

async function pages(report) {
  const browser = await launch();
  const page = await browser.newPage();
  const views = { overview: '#/overview', case: '#/cases/omise%2Flinked_accounts.delete%2Flive' };
  for (const [name, hash] of Object.entries(views)) {
    await page.setViewport({ width: 1040, height: 640 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: name === 'case' ? 'dark' : 'light' }]);
    await page.goto(pathToFileURL(report).href + hash);
    await new Promise((done) => setTimeout(done, 300));
    await page.screenshot({ path: join(images, `report-${name}.png`) });
  }
  await browser.close();
}

mkdirSync(images, { recursive: true });
const { mock, environment } = await serve();
try {
  const report = join(folder, 'report.html');
  const state = `--state ${join(folder, 'state')}`;
  const text = shown(`${proviso} --target $PROVISO_TARGET ${state} --report-html ${report}`, environment);
  writeFileSync(join(images, 'terminal.svg'), svg(text));
  await pages(report);
} finally {
  mock.kill();
  rmSync(folder, { recursive: true });
}
