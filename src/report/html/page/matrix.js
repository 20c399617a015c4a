// Totals, and the matrix of operations and their documented causes.

/** A table with more columns or cells than these is neither read nor laid out quickly. */
const COLUMNS = 40;
const CELLS = 1500;

function overview() {
  const { summary } = run;
  const tiles = ORDER.filter((verdict) => summary.counts[verdict] > 0).map(tile);
  return h(
    'div',
    { class: 'overview' },
    h('h2', {}, sentence()),
    tiles.length > 0 && h('div', { class: 'tiles' }, tiles),
    failures(),
    run.notices.map(notice),
    meters(),
    vendors.map(matrix),
    legend(),
  );
}

function sentence() {
  const { counts } = run.summary;
  const failing = (counts.violates || 0) - run.summary.known - seenBefore;
  const lost = (counts.environment || 0) + (counts.undetermined || 0);
  if (failing > 0) return failing === 1 ? 'One case violates the documentation.' : `${failing.toLocaleString('en')} cases violate the documentation.`;
  if (lost > 0) return `Nothing was learnt of ${plural(lost, 'case')}.`;
  if ((counts.refused || 0) > 0) return `The safety guard refused ${plural(counts.refused, 'case')}.`;
  if ((counts.drifted || 0) > 0) return `${plural(counts.drifted, 'answer')} drifted from the baseline.`;
  if (seenBefore > 0) return `No new violation: ${plural(seenBefore, 'case')} violate${seenBefore === 1 ? 's' : ''} the documentation as before.`;
  if (run.summary.known > 0) return `${plural(run.summary.known, 'case')} violate${run.summary.known === 1 ? 's' : ''} the documentation, as is known.`;
  if ((counts.conforms || 0) > 0) return 'The documentation holds.';
  return 'Nothing was tested.';
}

function tile(verdict) {
  const choose = () => {
    filter.verdicts = new Set([verdict]);
    filter.known = filter.before = false;
    filter.row = '';
    location.hash = '#/cases';
  };
  return h(
    'button',
    { type: 'button', class: `tile v-${verdict}`, onclick: choose, title: VERDICTS[verdict].about },
    h('b', {}, run.summary.counts[verdict].toLocaleString('en')),
    h('span', {}, `${VERDICTS[verdict].sign} ${word(verdict)}`),
    verdict === 'violates' && run.summary.known > 0 && h('span', { class: 'small' }, `${run.summary.known.toLocaleString('en')} known`),
    verdict === 'violates' && seenBefore > 0 && h('span', { class: 'small' }, `${seenBefore.toLocaleString('en')} seen before`),
  );
}

const notice = ({ kind, vendor, message }) =>
  h('div', { class: 'notice' }, h('b', {}, kind), vendor && ` ${vendor}`, h('pre', {}, message.trimEnd()));

function meters() {
  const { causes, clauses } = run.coverage.total;
  if (causes.total === 0 && clauses.total === 0) return null;
  return h('div', { class: 'meters' }, meter('documented causes', causes), meter('clauses', clauses));
}

function meter(name, share) {
  const due = share.total - share.excused;
  const cannot = share.excused > 0 ? ` (${share.excused} cannot be)` : '';
  const bar = h('progress', { max: Math.max(due, 1), value: due === 0 ? 1 : share.exercised, 'aria-label': `${name} exercised` });
  return h('div', { class: 'meter' }, h('p', {}, h('b', {}, `${share.exercised.toLocaleString('en')} of ${due.toLocaleString('en')}`), ` ${name} exercised${cannot}`), bar);
}

function matrix(vendor) {
  const pages = run.pages.filter((page) => page.vendor === vendor);
  if (pages.length === 0) return null;
  const names = [...new Set(pages.flatMap((page) => page.rows.map((row) => row.row)))];
  const small = names.length <= COLUMNS && names.length * pages.length <= CELLS;
  const body = small ? table(vendor, pages, names) : strips(pages);
  const own = run.cases.filter((entry) => entry.vendor === vendor);
  const isGreen = own.every((entry) => entry.verdict === 'conforms' || entry.verdict === 'skipped');
  // Where something failed, a vendor of which all is well is out of the way.
  if (isGreen && vendors.length > 1 && hasFailed) {
    return h('details', { class: 'matrix' }, h('summary', {}, h('h3', {}, vendor), ` ${plural(own.length, 'case')}, all well`), body);
  }
  return h('section', { class: 'matrix' }, h('h3', {}, vendor), body);
}

function table(vendor, pages, names) {
  const head = h('tr', {}, h('th', { scope: 'col' }, 'operation'), names.map((name) => h('th', { scope: 'col', class: 'cause' }, h('span', {}, name))));
  const body = pages.map((page) => {
    const rows = new Map(page.rows.map((row) => [row.row, row]));
    const cells = names.map((name) => h('td', {}, rows.has(name) && cell(page, rows.get(name))));
    return h('tr', {}, h('th', { scope: 'row', title: page.title || page.request }, page.operation), cells);
  });
  const caption = h('caption', { class: 'unseen' }, `Operations of ${vendor} and their documented causes`);
  return scroll('div', `Matrix of ${vendor}`, { class: 'wide' }, h('table', {}, caption, h('thead', {}, head), h('tbody', {}, body)));
}

/** Operations in great number, or that share few causes: each with its own, drawn when it comes into sight. */
function strips(pages) {
  return pages.map((page) => {
    const cells = later(h('div', { class: 'cells' }), 32, () => page.rows.map((row) => cell(page, row)));
    return h('div', { class: 'strip' }, h('h4', {}, page.operation), cells);
  });
}

/** One documented cause of one operation; what is only inferred has a dashed edge. */
function cell(page, row) {
  const { cases, verdict, worst } = standing(page, row);
  const why = row.not_inducible ? `: ${row.not_inducible}` : '';
  const label = `${page.operation}, ${row.row}: ${verdict === 'barred' ? 'cannot be set up' : verdict === 'none' ? 'not selected' : word(verdict)}`;
  const inferred = row.inferred ? `, inferred: ${row.inferred}` : '';
  return h(
    'button',
    {
      type: 'button',
      class: `cell v-${verdict}${row.inferred ? ' inferred' : ''}`,
      'aria-label': label,
      title: `${label}${why}${inferred}\nwhen ${row.when}\nthen ${row.then.join(' or ')}`,
      disabled: cases.length === 0,
      onclick: () => openRow(page, row, worst),
    },
    STANDINGS[verdict].sign,
  );
}

function openRow(page, row, worst) {
  filter.verdicts = new Set();
  filter.known = filter.before = false;
  filter.vendor = '';
  filter.words = '';
  filter.row = key(page.vendor, page.operation, row.row);
  open(worst);
}

function legend() {
  const entries = Object.entries(STANDINGS).map(([verdict, { about }]) =>
    h('li', {}, h('span', { class: `cell v-${verdict}`, 'aria-hidden': 'true' }, STANDINGS[verdict].sign), ` ${word(verdict)}: ${about}`),
  );
  return h('details', { class: 'legend-box' }, h('summary', {}, 'What the signs mean'), h('ul', { class: 'bare legend-list' }, entries, h('li', {}, 'A dashed edge: no page says so, it is inferred.')));
}
