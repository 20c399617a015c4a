// Which documented causes and clauses were exercised, and why the others were not.

const stateName = (state) => state.replace('_', ' ');
const STATE_VERDICT = { exercised: 'conforms', not_inducible: 'barred', untestable: 'barred', mistaken: 'barred', not_seen: 'drifted', unchecked: 'undetermined', vacuous: 'undetermined', not_run: 'none' };
const stateChip = (state) => h('span', { class: `badge v-${STATE_VERDICT[state] || state}` }, stateName(state));

function coverageView() {
  const { total, vendors: shares, pages } = run.coverage;
  return h(
    'div',
    { class: 'coverage' },
    h('h2', {}, 'Coverage'),
    h('p', { class: 'faint' }, 'A cause counts as exercised only where its case conforms, violates or drifted. A clause counts only where an answer came that could have broken it: of several answers that a page documents for one cause, those that did not come are not seen. What the contract says cannot be exercised is accounted for, not covered.'),
    h('div', { class: 'meters' }, meter('documented causes', total.causes), meter('clauses', total.clauses)),
    byVendor(shares),
    pages.map(pageCoverage),
  );
}

function byVendor(shares) {
  const rows = Object.entries(shares).map(([vendor, { causes, clauses }]) =>
    h('tr', {}, h('th', { scope: 'row' }, vendor), h('td', {}, ratio(causes)), h('td', {}, ratio(clauses))),
  );
  if (rows.length < 2) return null;
  const head = h('tr', {}, h('th', { scope: 'col' }, 'vendor'), h('th', { scope: 'col' }, 'causes'), h('th', { scope: 'col' }, 'clauses'));
  return h('table', { class: 'plain' }, h('thead', {}, head), h('tbody', {}, rows));
}

const ratio = (share) => `${share.exercised} of ${share.total - share.excused}${share.not_seen > 0 ? `, ${share.not_seen} not seen` : ''}`;

/** One page; its tables are made when it is unfolded. */
function pageCoverage(page) {
  const done = (items) => items.filter((item) => item.state === 'exercised').length;
  const open = (items) => items.filter((item) => !['exercised', 'not_inducible', 'untestable', 'mistaken'].includes(item.state)).length;
  const gaps = open(page.causes) + open(page.clauses);
  const body = h('div', {});
  const made = () => {
    if (body.childNodes.length > 0) return;
    append(body, [h('p', { class: 'small' }, link(page.url)), causesTable(page), clausesTable(page)]);
  };
  const summary = h(
    'summary',
    {},
    h('b', {}, `${page.vendor}/${page.operation}`),
    h('span', { class: 'faint' }, `${done(page.causes)} of ${page.causes.length} causes, ${done(page.clauses)} of ${page.clauses.length} clauses`),
    gaps > 0 ? h('span', { class: 'badge v-undetermined' }, plural(gaps, 'gap')) : h('span', { class: 'badge v-conforms' }, '✓ no gap'),
  );
  const box = h('details', { class: 'page', ontoggle: made }, summary, body);
  if (run.coverage.pages.length === 1) box.open = true;
  return box;
}

function causesTable(page) {
  const rows = page.causes.map((cause) => {
    const cases = rowCases.get(key(page.vendor, page.operation, cause.row)) || [];
    const name = cases.length > 0 ? h('a', { href: route(cases[0].id) }, cause.row) : cause.row;
    return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, cause.when), h('td', {}, stateChip(cause.state)), h('td', {}, cause.why, contradiction(cause)));
  });
  return section('Documented causes', ['cause', 'when', 'state', 'remarks'], rows);
}

function contradiction(cause) {
  if (!cause.contradiction) return null;
  const { because, outcomes, seen } = cause.contradiction;
  const answers = Object.entries(seen).map(([target, chosen]) => `${target} answers ${chosen.join(' and ')}`);
  return h('p', {}, `Documented as ${outcomes.join(' or ')}${because ? ` (${because})` : ''}: ${answers.length > 0 ? answers.join('; ') : 'none was seen'}.`);
}

function clausesTable(page) {
  const rows = page.clauses.map((it) => {
    const broken = it.broken.length > 0 && h('span', { class: 'badge v-violates' }, '✗ broken');
    return h('tr', {}, h('th', { scope: 'row' }, it.id), h('td', {}, it.says), h('td', {}, stateChip(it.state), ' ', broken), h('td', {}, it.why));
  });
  return section('Clauses', ['clause', 'says', 'state', 'remarks'], rows);
}

function section(title, columns, rows) {
  if (rows.length === 0) return null;
  const head = h('tr', {}, columns.map((column) => h('th', { scope: 'col' }, column)));
  return [h('h3', {}, title), scroll('div', title, { class: 'wide' }, h('table', { class: 'plain' }, h('thead', {}, head), h('tbody', {}, rows)))];
}
