// The list of cases: filtered at every stroke, and only the part of it that is seen is in the document.

const filter = { words: '', verdicts: new Set(), known: false, before: false, vendor: '', row: '' };
const HEIGHT = 56;

const list = { shown: ranked, selected: -1, box: null, pane: null, top: 0 };

function matches(entry, words) {
  return (
    (filter.verdicts.size === 0 || filter.verdicts.has(entry.verdict)) &&
    ((!filter.known && !filter.before) || (filter.known && entry.known) || (filter.before && entry.before)) &&
    (filter.vendor === '' || entry.vendor === filter.vendor) &&
    (filter.row === '' || key(entry.vendor, entry.operation, entry.row) === filter.row) &&
    words.every((word) => entry.words.includes(word))
  );
}

function applyFilter() {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = list.shown[list.selected];
  list.shown = ranked.filter((entry) => matches(entry, words));
  list.selected = list.shown.indexOf(kept);
  if (!list.box) return;
  list.box.scrollTop = list.top = 0;
  list.spacer.style.height = `${list.shown.length * HEIGHT}px`;
  list.count.replaceChildren();
  append(list.count, [`${list.shown.length.toLocaleString('en')} of ${plural(run.cases.length, 'case')}`]);
  paintList();
}

/** Puts the entries that are seen into the document, and takes the others out. */
function paintList() {
  const { box, shown } = list;
  if (!box) return;
  const first = Math.max(0, Math.floor(box.scrollTop / HEIGHT) - 6);
  const last = Math.min(shown.length, Math.ceil((box.scrollTop + box.clientHeight) / HEIGHT) + 6);
  const entries = shown.slice(first, last).map((entry, index) => option(entry, first + index));
  list.rows.replaceChildren(...entries);
  list.rows.style.transform = `translateY(${first * HEIGHT}px)`;
  const active = list.selected >= first && list.selected < last;
  if (active) box.setAttribute('aria-activedescendant', `option-${shown[list.selected].index}`);
  else box.removeAttribute('aria-activedescendant');
}

function scrolled() {
  if (list.box.clientHeight === 0) return;
  list.top = list.box.scrollTop;
  paintList();
}

function option(entry, position) {
  return h(
    'div',
    {
      role: 'option',
      id: `option-${entry.index}`,
      class: 'option',
      'aria-selected': position === list.selected ? 'true' : 'false',
      'aria-setsize': list.shown.length,
      'aria-posinset': position + 1,
      onclick: () => open(entry),
    },
    mark(entry.verdict),
    h('div', {}, h('div', { class: 'id' }, entry.id), h('div', { class: 'faint' }, entry.known && h('span', { class: 'tag' }, 'known'), entry.before && h('span', { class: 'tag' }, 'seen before'), entry.verdict === 'conforms' ? entry.promised : entry.headline)),
  );
}

/** Selects an entry of the list and brings it into sight. */
function select(position) {
  if (list.shown.length === 0) return;
  list.selected = Math.max(0, Math.min(list.shown.length - 1, position));
  const top = list.selected * HEIGHT;
  const { box } = list;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = top + HEIGHT - box.clientHeight;
  paintList();
}

const wide = matchMedia('(min-width: 800px)');

/** Shows a case beside the list, or in its place where there is no room for both. */
function showCase(entry, focus) {
  const { pane } = list;
  pane.replaceChildren();
  document.body.classList.toggle('reading', Boolean(entry));
  if (!entry) {
    // What is not displayed forgets how far it was scrolled.
    list.box.scrollTop = list.top;
    paintList();
    append(pane, [h('p', { class: 'empty faint' }, 'Choose a case: j and k move, enter opens, esc leaves, / searches.')]);
    return;
  }
  const back = h('button', { type: 'button', class: 'plain back', onclick: leave }, '← All cases');
  append(pane, [back, ...caseView(entry)]);
  pane.scrollTop = 0;
  const position = list.shown.indexOf(entry);
  if (position >= 0) select(position);
  if (focus || !wide.matches) document.getElementById('case-title').focus({ preventScroll: true });
}

function casesView() {
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search',
    'aria-label': 'Search the cases',
    autocomplete: 'off',
    oninput: () => {
      filter.words = search.value;
      applyFilter();
    },
  });
  search.value = filter.words;
  list.count = h('p', { id: 'shown', class: 'faint', role: 'status' });
  list.rows = h('div', { class: 'rows', role: 'presentation' });
  list.spacer = h('div', { class: 'spacer', role: 'presentation' }, list.rows);
  list.box = h('div', { id: 'list', role: 'listbox', tabindex: '0', 'aria-label': 'Cases', onscroll: scrolled }, list.spacer);
  list.pane = h('article', { id: 'case', 'aria-label': 'The case', tabindex: '0' });
  const tools = h('div', { class: 'tools', role: 'search', 'aria-label': 'Filters' }, search, vendorChoice(), chips(), rowChip(), list.count);
  return h('div', { class: 'cases' }, h('div', { class: 'left' }, tools, list.box), list.pane);
}

function vendorChoice() {
  const choice = h('select', {
    id: 'vendor',
    'aria-label': 'Vendor',
    onchange: () => {
      filter.vendor = choice.value;
      applyFilter();
    },
  });
  append(choice, [h('option', { value: '' }, 'all vendors'), ...vendors.map((vendor) => h('option', { value: vendor }, vendor))]);
  choice.value = filter.vendor;
  return choice;
}

/** A switch for every verdict that the run holds; none switched on shows all. */
function chips() {
  const held = ORDER.filter((verdict) => run.summary.counts[verdict] > 0);
  const chip = (verdict) => {
    const on = filter.verdicts.has(verdict);
    const button = h(
      'button',
      {
        type: 'button',
        class: `chip v-${verdict}`,
        'aria-pressed': String(on),
        title: VERDICTS[verdict].about,
        'data-verdict': verdict,
        onclick: () => {
          if (!filter.verdicts.delete(verdict)) filter.verdicts.add(verdict);
          button.setAttribute('aria-pressed', String(filter.verdicts.has(verdict)));
          applyFilter();
        },
      },
      `${run.summary.counts[verdict].toLocaleString('en')} ${word(verdict)}`,
    );
    return button;
  };
  const { known } = run.summary;
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': 'Verdicts' },
    held.map(chip),
    known > 0 && excusedChip('known', `${known.toLocaleString('en')} known`, 'violates, as is known: it fails nothing'),
    seenBefore > 0 && excusedChip('before', `${seenBefore.toLocaleString('en')} seen before`, 'violates as before: it fails nothing'),
  );
}

/** A switch for those that violate and fail nothing, by the name of its filter. */
function excusedChip(name, text, title) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'chip v-skipped',
      'aria-pressed': String(filter[name]),
      title,
      'data-verdict': name,
      onclick: () => {
        filter[name] = !filter[name];
        button.setAttribute('aria-pressed', String(filter[name]));
        applyFilter();
      },
    },
    text,
  );
  return button;
}

/** What is left of a click on one documented cause: shows which, and takes it back. */
function rowChip() {
  if (filter.row === '') return null;
  const name = filter.row.split('\n').slice(1).join('/');
  const button = h(
    'button',
    {
      type: 'button',
      class: 'chip row',
      'aria-label': `Show all causes again, not only ${name}`,
      onclick: () => {
        filter.row = '';
        button.remove();
        applyFilter();
      },
    },
    `only ${name} ×`,
  );
  return button;
}
