// The run, as it is in the page.

const VERDICTS = {
  violates: { sign: '✗', about: 'the answer departs from every documented outcome' },
  drifted: { sign: '≈', about: 'within the documents, but not what the baseline says' },
  environment: { sign: '!', about: 'the network or an overloaded vendor is to blame' },
  undetermined: { sign: '?', about: 'the arrangement failed, so nothing was learnt' },
  refused: { sign: '⊘', about: 'the safety guard did not let it be sent' },
  not_run: { sign: '…', about: 'nothing of it was sent when the run was cut short' },
  skipped: { sign: '–', about: 'not runnable here' },
  conforms: { sign: '✓', about: 'one of the documented outcomes came back, whole' },
};
const ORDER = Object.keys(VERDICTS);

/** A verdict in words. */
const word = (verdict) => verdict.replace('_', ' ');

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const run = read('index');

run.cases.forEach((entry, index) => {
  entry.index = index;
  // A violation that is known or was seen before is no news: it is behind the others.
  entry.rank = ORDER.indexOf(entry.verdict) + (entry.known ? 0.5 : entry.before ? 0.25 : 0);
  entry.words = `${entry.id} ${word(entry.verdict)} ${entry.headline} ${entry.promised}`.toLowerCase();
});

const byId = new Map(run.cases.map((entry) => [entry.id, entry]));

/** What went worst first, then as documented. */
const ranked = [...run.cases].sort((a, b) => a.rank - b.rank || a.index - b.index);

const portions = new Map();

/** Everything about a case; its portion is read when one of its cases is first looked at. */
function details(entry) {
  const number = Math.floor(entry.index / run.portion);
  if (!portions.has(number)) portions.set(number, read(`cases-${number}`));
  return portions.get(number)[entry.index % run.portion];
}

const key = (vendor, operation, row) => [vendor, operation, row].join('\n');
const rowCases = new Map();
for (const entry of run.cases) {
  const name = key(entry.vendor, entry.operation, entry.row);
  if (!rowCases.has(name)) rowCases.set(name, []);
  rowCases.get(name).push(entry);
}

/** The cases of a row, and the worst that any of them came to. */
function standing(page, row) {
  const cases = rowCases.get(key(page.vendor, page.operation, row.row)) || [];
  const worst = [...cases].sort((a, b) => a.rank - b.rank)[0];
  let verdict = worst ? worst.verdict : 'none';
  if (row.not_inducible && (!worst || verdict === 'skipped')) verdict = 'barred';
  return { cases, verdict, worst };
}

const STANDINGS = {
  ...VERDICTS,
  barred: { sign: '∅', about: 'cannot be set up' },
  none: { sign: '·', about: 'no case was selected' },
};

const vendors = [...new Set([...run.pages.map((page) => page.vendor), ...run.cases.map((entry) => entry.vendor)])].sort();

/** The number of violations that were seen before; where there is none, it is not written. */
const seenBefore = run.summary.seen_before || 0;

/** True if some case is neither well nor skipped. */
const hasFailed = run.cases.some((entry) => entry.verdict !== 'conforms' && entry.verdict !== 'skipped');

const badge = ({ verdict, known, before }) =>
  h('span', { class: `badge v-${verdict}` }, h('span', { 'aria-hidden': 'true' }, STANDINGS[verdict].sign), ' ', known ? `${verdict} (known)` : before ? `${verdict} (seen before)` : word(verdict));
const mark = (verdict) =>
  h('span', { class: `mark v-${verdict}`, role: 'img', 'aria-label': word(verdict) }, STANDINGS[verdict].sign);
const route = (id) => `#/cases/${encodeURIComponent(id)}`;
