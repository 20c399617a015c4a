// What failed, each cause once: its first case with the finding, and how many more there are.

/** More causes than these are left to the list of cases. */
const CAUSES = 12;

/** The verdicts that fail, or say that nothing was learnt. */
const FAILING = ['violates', 'drifted', 'environment', 'undetermined', 'refused'];

function failures() {
  const groups = new Map();
  for (const entry of ranked.filter((entry) => FAILING.includes(entry.verdict) && !entry.known && !entry.before)) {
    const name = [entry.vendor, entry.verdict, entry.cause || entry.id].join('\n');
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(entry);
  }
  if (groups.size === 0) return null;
  const shown = [...groups.values()].slice(0, CAUSES);
  const rest = groups.size - shown.length;
  return h(
    'section',
    { class: 'failures', 'aria-label': 'What failed' },
    h('ol', { class: 'bare' }, shown.map(failure)),
    rest > 0 && h('p', {}, h('a', { href: '#/cases' }, `${plural(rest, 'further cause')} in the list of cases`)),
  );
}

function failure([first, ...others]) {
  const also = others.length > 0 && h('details', { class: 'small' }, h('summary', {}, plural(others.length, 'further case')), h('ul', { class: 'bare' }, others.map((entry) => h('li', {}, caseLink(entry)))));
  return h('li', { class: `failure v-${first.verdict}` }, h('p', {}, mark(first.verdict), ' ', caseLink(first)), h('p', { class: 'message' }, first.headline), also);
}

const caseLink = (entry) => h('a', { class: 'id', href: route(entry.id) }, entry.id);
