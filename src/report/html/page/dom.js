// Elements made of plain text. Nothing of a report ever becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

// Attributes that a person reads, or hears.
const READ = new Set(['title', 'aria-label']);

/** Makes an element: attributes, listeners (`on...`) and properties by name; children are elements or texts. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : READ.has(name) ? visible(String(value)) : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(visible(String(child))));
  }
}

const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const sights = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sights.unobserve(target);
      target.style.minHeight = '';
      append(target, [target.make()]);
    }
  },
  { rootMargin: '400px' },
);

/** An element whose inside is made when it comes near to being seen; until then it takes about the room given. */
function later(element, height, make) {
  element.make = make;
  element.style.minHeight = `${height}px`;
  sights.observe(element);
  return element;
}

/** A text in which nothing hides or turns the text beside it: the same characters as src/text/visible.rs hides. */
function visible(text) {
  return text.replace(
    /(?![\n\t])[\p{C}\p{Zl}\p{Zp}\u{e0100}-\u{e01ef}]/gu,
    (character) => `\\u{${character.codePointAt(0).toString(16)}}`,
  );
}

/** An address that may be followed: nothing but the web. */
const safe = (address) => (/^https?:\/\//i.test(address || '') ? address : undefined);

function link(address, ...children) {
  const target = safe(address);
  if (!target) return h('span', {}, ...(children.length ? children : [address]));
  const shown = children.length ? children : [target];
  return h('a', { href: target, rel: 'noopener noreferrer', target: '_blank' }, ...shown);
}

const plural = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

function seconds(value) {
  if (value < 0.9995) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
}

/** JSON with line breaks, letter by letter: doubled keys, long numbers and odd escapes stay as they came. */
function indented(text) {
  let trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > 500000) return text;
  try {
    JSON.parse(trimmed);
  } catch {
    return text;
  }
  const tokens = trimmed.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) || [];
  let out = '';
  let depth = 0;
  tokens.forEach((token, index) => {
    const empty = (token === ']' || token === '}') && /^[[{]$/.test(tokens[index - 1]);
    if ((token === ']' || token === '}') && !empty) out += '\n' + '  '.repeat(--depth);
    else if (empty) depth -= 1;
    out += token === ':' ? ': ' : token;
    const open = token === '[' || token === '{';
    if (open) depth += 1;
    const closes = open && /^[\]}]$/.test(tokens[index + 1]);
    if (token === ',' || (open && !closes)) out += '\n' + '  '.repeat(depth);
  });
  return out;
}
