// The states of each resource: drawn by the program; here every row gets the colour of what it came to, and leads to its case.

const WORST = ['violates', 'drifted', 'environment', 'undetermined', 'refused', 'not_run', 'skipped', 'none', 'barred', 'conforms'];

/** The room for a sign and a blank before a name, in place of the small arrow that an image has there. */
const SIGN = 13.4;

function machinesView() {
  const shown = [...document.querySelectorAll('template.picture')].map(({ content, dataset }) => {
    const name = `${dataset.vendor} ${dataset.resource}`;
    return h('section', {}, h('h3', {}, name), later(scroll('div', `Picture of ${name}`, { class: 'wide' }), 300, () => picture(content, dataset.vendor)));
  });
  const text = 'What each documented cause does to the state of a resource: arrows lead on, rows inside a state do not change it.';
  return h('div', { class: 'machines' }, h('h2', {}, 'States'), h('p', { class: 'faint' }, text), shown.length > 0 ? shown : h('p', {}, 'No page of this run acts on a resource.'));
}

function picture(content, vendor) {
  if (!content.firstElementChild) return h('p', { class: 'faint' }, 'No documented cause names one of its states.');
  const drawn = document.importNode(content, true);
  const pages = run.pages.filter((page) => visible(page.vendor) === vendor);
  const steps = new Map(pages.flatMap((page) => page.rows.map((row) => [visible(`${page.operation}/${row.row}`), { page, row, ...standing(page, row) }])));
  for (const edge of drawn.querySelectorAll('.edge')) {
    const verdicts = [...edge.querySelectorAll('[data-row]')].map((name) => steps.get(name.dataset.row)?.verdict);
    edge.classList.add('move', `v-${WORST.find((verdict) => verdicts.includes(verdict)) || 'none'}`);
  }
  for (const name of drawn.querySelectorAll('[data-row]')) {
    const step = steps.get(name.dataset.row);
    if (step) colour(name, step);
  }
  return drawn;
}

/** Gives a row's name the sign and the colour of what it came to, and makes it lead to its case. */
function colour(name, { page, row, verdict, worst }) {
  const label = `${page.operation} ${row.row}: ${word(verdict)}`;
  const title = s('title', {}, `${label}\nwhen ${row.when}\nthen ${row.then.join(' or ')}`);
  const { sign } = STANDINGS[verdict];
  const x = name.closest('.stays') && Number(name.getAttribute('x'));
  const text = x ? [s('tspan', { class: 'sign', x: x - SIGN }, sign), s('tspan', { x }, name.textContent)] : [s('tspan', { class: 'sign' }, sign), ` ${name.textContent}`];
  name.classList.add('step', `v-${verdict}`);
  name.replaceChildren();
  append(name, [title, text]);
  if (!worst) return;
  const link = s('a', { href: route(worst.id), 'aria-label': label });
  name.replaceWith(link);
  link.append(name);
}
