// A terminal for pictures: what it shows of a command that is really run, as spans of text, and these as an SVG, still or moving.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(new URL('../..', import.meta.url).pathname);
export const proviso = join(root, 'target/debug/proviso');

const COLUMNS = 104;
const LETTER = 8;
const LINE = 18;
const EDGE = 16;
const BACK = '#0f1216';
const COLOURS = { 31: '#ff8f8f', 32: '#63d083', 33: '#e8b84a', 35: '#d9a5f5', 36: '#7fd3e0' };
const FAINT = '#9aa4b0';
const PROMPT = '#7fd3e0';

/** Changes a text in a contract, so that its mock answers as a vendor that has changed its mind. */
export function change(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(path, text.replaceAll(from, to));
}

/** A mock of contracts, and the variables that a run against it needs. */
export async function serve(specs) {
  const mock = spawn(proviso, ['serve', '--specs', specs, '--print-env', '-q'], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  const environment = {};
  for await (const chunk of mock.stdout) {
    for (const [, name, value] of String(chunk).matchAll(/^export (\w+)='?(.*?)'?$/gm)) environment[name] = value;
    if (environment.PROVISO_TARGET) return { mock, environment };
  }
  throw new Error('the mock did not begin');
}

/** What a terminal shows of a command: coloured, and as wide as the pictures. */
export function shown(command, folder, environment) {
  const inside = `stty cols ${COLUMNS}; ${command}`;
  const { stdout } = spawnSync('script', ['-qec', inside, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, TERM: 'xterm-256color', SHELL: '/bin/bash', CI: '1', ...environment },
    encoding: 'utf8',
  });
  return stdout.replaceAll('\r', '').trimEnd();
}

/** The rows of coloured text, each a list of spans; what is wider than the terminal goes on in the next row. */
export function rows(text) {
  const found = [];
  let style = {};
  for (const line of text.split('\n')) {
    let row = [];
    let column = 0;
    found.push(row);
    for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
      const codes = part.match(/^\x1b\[([\d;]*)m$/);
      if (codes) {
        style = (codes[1] || '0').split(';').reduce(styled, style);
        continue;
      }
      for (let rest = part; rest !== ''; ) {
        if (column === COLUMNS) {
          row = [];
          found.push(row);
          column = 0;
        }
        const room = rest.slice(0, COLUMNS - column);
        row.push({ column, text: room, ...style });
        column += room.length;
        rest = rest.slice(room.length);
      }
    }
  }
  return found;
}

/** The style after one more code. */
function styled(style, code) {
  if (code === '0') return {};
  if (code === '1') return { ...style, bold: true };
  if (code === '2') return { ...style, fill: FAINT };
  return COLOURS[code] ? { ...style, fill: COLOURS[code] } : style;
}

/** The row in which a command is typed. */
export const typed = (command) => [
  { column: 0, text: '$', fill: PROMPT },
  { column: 2, text: command, bold: true },
];

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawn(row, number, className) {
  const spans = row.filter(({ text }) => text.trim() !== '').map(({ column, text, fill, bold }) => {
    const looks = (fill ? ` fill="${fill}"` : '') + (bold ? ' font-weight="700"' : '');
    const place = `x="${EDGE + column * LETTER}" textLength="${text.length * LETTER}"`;
    return `<tspan ${place}${looks}>${escaped(text.replaceAll(' ', '\u00a0'))}</tspan>`;
  });
  if (spans.length === 0) return '';
  return `<text y="${EDGE + 14 + number * LINE}"${className ? ` class="${className}"` : ''}>${spans.join('')}</text>\n`;
}

function framed(height, style, inside) {
  const width = COLUMNS * LETTER + 2 * EDGE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${style}<rect width="100%" height="100%" rx="8" fill="${BACK}"/>
<g fill="#e5e9ee" font-size="13" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace">
${inside}</g>
</svg>
`;
}

/** A picture of rows: text that stays text, sharp at any size. */
export function still(all) {
  return framed(all.length * LINE + 2 * EDGE, '', all.map((row, number) => drawn(row, number)).join(''));
}

/**
 * A moving picture of scenes, each a command and the rows that it prints, in a window of some lines that scrolls. Where no
 * motion is wanted, it shows the end.
 */
export function moving(scenes, lines) {
  const TYPING = 0.045, READING = 2.2, STEP = 0.04, END = 7;
  const events = [];                      // what appears when; a command is typed, a row is there at once
  let now = 0.6;
  for (const { command, output } of scenes) {
    events.push({ at: now, until: now + command.length * TYPING, row: typed(command), letters: command.length });
    now += command.length * TYPING + 0.4;
    for (const row of [...output, []]) {
      events.push({ at: now, row });
      now += STEP;
    }
    now += READING;
  }
  const whole = now + END;
  const percent = (time) => ((time / whole) * 100).toFixed(2) + '%';
  const keyframes = [];
  const animated = (name, frames, base) => {
    keyframes.push(`@keyframes ${name}{${frames}}.${name}{${base}animation:${name} ${whole.toFixed(2)}s infinite}`);
    return name;
  };
  let inside = '';
  let scrolls = '0%{transform:translateY(0)}';
  events.forEach(({ at, until, row, letters }, number) => {
    // Nothing moves gradually: each row and each letter is there from one moment on.
    const name = animated(`r${number}`, `0%{opacity:0;animation-timing-function:step-end}${percent(at)},to{opacity:1}`, '');
    inside += drawn(row, number, name);
    if (letters) {
      const frames = `0%{opacity:1;transform:none;animation-timing-function:step-end}${percent(at)}{opacity:1;transform:none;`
        + `animation-timing-function:steps(${letters})}${percent(until)},to{opacity:1;transform:translateX(${letters * LETTER}px)}`;
      const cover = animated(`c${number}`, frames, 'opacity:0;');
      const place = `x="${EDGE + 2 * LETTER}" y="${EDGE + number * LINE}" width="${letters * LETTER + 4}" height="${LINE}"`;
      inside += `<rect class="${cover}" ${place} fill="${BACK}"/>\n`;
    }
    if (number >= lines) {
      scrolls += `${percent(at - 0.01)}{transform:translateY(${-(number - lines) * LINE}px);animation-timing-function:step-end}`
        + `${percent(at)}{transform:translateY(${-(number - lines + 1) * LINE}px);animation-timing-function:step-end}`;
    }
  });
  const last = -Math.max(0, events.length - lines) * LINE;
  const scroll = animated('scroll', `${scrolls}to{transform:translateY(${last}px)}`, `transform:translateY(${last}px);`);
  const style = `<style>${keyframes.join('\n')}\n@media (prefers-reduced-motion:reduce){*{animation:none!important}}</style>\n`;
  return framed(lines * LINE + 2 * EDGE, style, `<g class="${scroll}">\n${inside}</g>\n`);
}
