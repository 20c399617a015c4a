// The state machine of each resource, drawn from the rows: what leads where, and what stays.

const LETTER = 7.3;
const LINE = 20;

/** How many pictures were drawn, so that the arrowheads of each have names of their own. */
let pictures = 0;

/** The states and the rows between them, of one resource of one vendor. */
function machine(vendor, resource) {
  const states = new Map();
  const state = (name) => states.get(name) || states.set(name, { name, stays: [], depth: -1 }).get(name);
  const moves = new Map();
  for (const page of run.pages.filter((page) => page.vendor === vendor)) {
    for (const row of page.rows) {
      const lead = row.leads[resource];
      const from = row.states && row.states[resource];
      if (!from && lead === undefined) continue;
      for (const name of from || ['(none)']) {
        const step = { page, row, label: `${page.operation} ${row.row}`, ...standing(page, row) };
        if (lead === undefined || lead === name) {
          state(name).stays.push(step);
          continue;
        }
        state(name);
        state(lead);
        const id = `${name}\n${lead}`;
        if (!moves.has(id)) moves.set(id, { from: name, to: lead, steps: [] });
        moves.get(id).steps.push(step);
      }
    }
  }
  return { states: [...states.values()], moves: [...moves.values()] };
}

/** Gives every state a column: those that nothing leads to first, the others one after what leads there. */
function layer({ states, moves }) {
  const entered = new Set(moves.map((move) => move.to));
  const leaving = new Set(moves.map((move) => move.from));
  let front = states.filter((it) => !entered.has(it.name) && leaving.has(it.name));
  if (front.length === 0) front = states.slice(0, 1);
  for (let depth = 0; front.length > 0; depth += 1) {
    front.forEach((it) => (it.depth = depth));
    const names = new Set(front.map((it) => it.name));
    const next = new Set(moves.filter((move) => names.has(move.from)).map((move) => move.to));
    front = states.filter((it) => next.has(it.name) && it.depth < 0);
  }
  // What no documented row leads to or from stands in a row of its own below.
  return states.filter((it) => it.depth < 0);
}

function size(it) {
  const longest = Math.max(it.name.length * 1.15, ...it.stays.map((step) => step.label.length + 3), 8);
  it.width = Math.round(longest * LETTER + 28);
  it.height = 40 + it.stays.length * LINE + (it.stays.length > 0 ? 8 : 0);
}

function draw(vendor, resource) {
  const graph = machine(vendor, resource);
  if (graph.states.length === 0) return h('p', { class: 'faint' }, 'No documented cause names one of its states.');
  const loose = layer(graph);
  graph.states.forEach(size);
  const { width, height } = arrange(graph, loose);
  const byName = new Map(graph.states.map((it) => [it.name, it]));
  const name = `${vendor} ${resource}`;
  pictures += 1;
  return s(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, class: 'machine', role: 'group', 'aria-label': `States of ${name}` },
    s('defs', {}, Object.keys(STANDINGS).map((verdict) => arrowhead(`${pictures}-${verdict}`, verdict))),
    graph.moves.map((move) => drawMove(move, byName)),
    graph.states.map(drawState),
  );
}

/** Places for all: columns from left to right, with room for what is written on the arrows between them. */
function arrange({ states, moves }, loose) {
  let x = 12;
  let bottom = 12;
  const deepest = Math.max(...states.map((it) => it.depth), 0);
  for (let depth = 0; depth <= deepest; depth += 1) {
    const column = states.filter((it) => it.depth === depth);
    let y = 12;
    for (const it of column) {
      it.x = x;
      it.y = y;
      y += it.height + 36;
    }
    const labels = moves.filter((move) => column.some((it) => it.name === move.from)).flatMap((move) => move.steps);
    const gap = Math.max(0, ...labels.map((step) => (step.label.length + 3) * LETTER));
    const lines = Math.max(0, ...moves.map((move) => move.steps.length));
    bottom = Math.max(bottom, y - 36, 12 + lines * LINE + 40);
    x += Math.max(0, ...column.map((it) => it.width)) + (depth < deepest ? gap + 56 : 12);
  }
  // An arrow that leads back passes below.
  const back = moves.some((move) => depthOf(states, move.to) <= depthOf(states, move.from));
  let y = bottom + (back ? 72 : 28);
  let right = 12;
  let lowest = y - 28;
  const room = Math.max(x, 1100);
  for (const it of loose) {
    if (right + it.width > room && right > 12) {
      right = 12;
      y = lowest + 20;
    }
    it.x = right;
    it.y = y;
    right += it.width + 20;
    lowest = Math.max(lowest, y + it.height);
  }
  const edge = Math.max(...states.map((it) => it.x + it.width));
  return { width: Math.ceil(Math.max(x, edge + 12)), height: Math.ceil(lowest + 14) };
}

const depthOf = (states, name) => states.find((it) => it.name === name).depth;

function drawState(it) {
  return s(
    'g',
    {},
    s('rect', { x: it.x, y: it.y, width: it.width, height: it.height, rx: 8, class: 'state' }),
    s('text', { x: it.x + 14, y: it.y + 25, class: 'state-name' }, it.name),
    it.stays.map((step, index) => label(step, it.x + 14, it.y + 52 + index * LINE)),
  );
}

/** A row's name in the colour of what it came to; leads to its case. */
function label(step, x, y) {
  const text = [s('tspan', { class: 'sign' }, STANDINGS[step.verdict].sign), ` ${step.label}`];
  const title = s('title', {}, `${step.label}: ${step.verdict}\nwhen ${step.row.when}\nthen ${step.row.then.join(' or ')}`);
  const attributes = { x, y, class: `step v-${step.verdict}` };
  if (!step.worst) return s('text', attributes, title, ...text);
  return s('a', { href: route(step.worst.id), 'aria-label': `${step.label}: ${step.verdict}` }, s('text', attributes, title, ...text));
}

const WORST = ['violates', 'drifted', 'environment', 'undetermined', 'refused', 'skipped', 'none', 'barred', 'conforms'];

function drawMove(move, byName) {
  const from = byName.get(move.from);
  const to = byName.get(move.to);
  const verdict = WORST.find((it) => move.steps.some((step) => step.verdict === it));
  const forward = to.depth > from.depth;
  let line;
  let x;
  let y;
  if (forward) {
    const start = { x: from.x + from.width, y: from.y + 24 };
    const end = { x: to.x - 9, y: to.y + 24 };
    const middle = (start.x + end.x) / 2;
    line = `M${start.x} ${start.y} C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`;
    x = start.x + 24;
    y = (start.y + end.y) / 2 + (start.y === end.y ? 20 : -8);
  } else {
    const start = { x: from.x + from.width / 2, y: from.y + from.height };
    const end = { x: to.x + to.width / 2, y: to.y + to.height + 9 };
    const low = Math.max(start.y, end.y) + 48;
    line = `M${start.x} ${start.y} C${start.x} ${low} ${end.x} ${low} ${end.x} ${end.y}`;
    x = Math.min(start.x, end.x) + 24;
    y = low - 4;
  }
  return s(
    'g',
    {},
    s('path', { d: line, class: `move v-${verdict}`, 'marker-end': `url(#arrow-${pictures}-${verdict})` }),
    move.steps.map((step, index) => label(step, x, y + index * LINE)),
  );
}

const arrowhead = (name, verdict) =>
  s('marker', { id: `arrow-${name}`, viewBox: '0 0 10 10', refX: 2, refY: 5, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }, s('path', { d: 'M0 0L10 5L0 10z', class: `arrow v-${verdict}` }));

function machinesView() {
  const pairs = vendors.flatMap((vendor) => {
    const pages = run.pages.filter((page) => page.vendor === vendor);
    const named = pages.flatMap((page) => [...page.resources, ...page.rows.flatMap((row) => Object.keys(row.leads))]);
    return [...new Set(named)].map((resource) => [vendor, resource]);
  });
  const shown = pairs.map(([vendor, resource]) => {
    const name = `${vendor} ${resource}`;
    return h('section', {}, h('h3', {}, name), later(scroll('div', `Picture of ${name}`, { class: 'wide' }), 300, () => draw(vendor, resource)));
  });
  const text = 'What each documented cause does to the state of a resource: arrows lead on, what stands inside of a state leaves it as it was.';
  return h('div', { class: 'machines' }, h('h2', {}, 'States'), h('p', { class: 'faint' }, text), shown.length > 0 ? shown : h('p', {}, 'No page of this run acts on a resource.'));
}
