// Which view is shown, by the address; the keyboard; dark or light.

const VIEWS = {
  overview: ['Overview', overview],
  cases: ['Cases', casesView],
  states: ['States', machinesView],
  coverage: ['Coverage', coverageView],
};

const main = document.getElementById('main');
const nav = document.getElementById('views');
let current = '';

const open = (entry) => {
  if (!entry) return;
  const address = route(entry.id);
  if (location.hash === address) follow();
  else location.hash = address;
};

function leave() {
  location.hash = '#/cases';
}

/** Shows what the address names. */
function follow() {
  const [, view = '', rest = ''] = location.hash.match(/^#\/(\w+)\/?(.*)$/) || [];
  const name = Object.hasOwn(VIEWS, view) ? view : 'overview';
  if (name !== current || (name === 'cases' && filter.row !== list.row)) {
    current = name;
    list.box = null;
    list.row = filter.row;
    main.replaceChildren(VIEWS[name][1]());
    document.body.dataset.view = name;
    if (name === 'cases') applyFilter();
  }
  for (const item of nav.querySelectorAll('a')) {
    if (item.dataset.view === name) item.setAttribute('aria-current', 'page');
    else item.removeAttribute('aria-current');
  }
  if (name !== 'cases') {
    document.body.classList.remove('reading');
    window.scrollTo(0, 0);
    return;
  }
  const entry = byId.get(decode(rest));
  showCase(entry, document.activeElement !== list.box && document.activeElement !== document.body);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('input, textarea, select');
  if (event.key === 'Escape') {
    if (document.getElementById('keys')?.open) return;
    if (typing) event.target.blur();
    else if (current === 'cases' && location.hash !== '#/cases') leave();
    else location.hash = '#/overview';
    if (list.box) list.box.focus({ preventScroll: true });
    return;
  }
  if (typing && !(event.key === 'Enter' && event.target.id === 'search')) return;
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const step = moves[event.key];
  const arrows = event.key.length > 1;
  if (event.key === '?') {
    event.preventDefault();
    keyHelp();
  } else if (event.key === '/') {
    event.preventDefault();
    if (current !== 'cases') leave();
    requestAnimationFrame(() => document.getElementById('search')?.focus());
  } else if (step && current === 'cases' && (!arrows || event.target === list.box)) {
    event.preventDefault();
    move(step);
  } else if (event.key === 'Enter' && current === 'cases' && (event.target === list.box || event.target === document.body || typing)) {
    event.preventDefault();
    const entry = list.shown[Math.max(0, list.selected)];
    if (entry) {
      list.box.blur();
      open(entry);
      document.getElementById('case-title')?.focus({ preventScroll: true });
    }
  }
}

/** The next or the last case: selected, and shown where there is room for both. */
function move(step) {
  select(list.selected < 0 ? 0 : list.selected + step);
  const entry = list.shown[list.selected];
  if (entry && (wide.matches || document.body.classList.contains('reading'))) {
    list.box.focus({ preventScroll: true });
    history.replaceState(null, '', route(entry.id));
    showCase(entry, false);
  }
}

const KEYS = [
  ['/', 'search'],
  ['j, k, ↓, ↑', 'next or last case'],
  ['Enter', 'open the case'],
  ['Escape', 'back'],
  ['?', 'these keys'],
];

/** The keys, in a dialog that Escape closes. */
function keyHelp() {
  const known = document.getElementById('keys');
  if (known) return known.open ? known.close() : known.showModal();
  const close = h('button', { type: 'button', class: 'copy-issue', onclick: () => dialog.close() }, 'Close');
  const keys = h('dl', { class: 'facts' }, KEYS.map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]));
  const dialog = h('dialog', { id: 'keys', 'aria-labelledby': 'keys-title' }, h('h2', { id: 'keys-title' }, 'Keys'), keys, close);
  document.body.append(dialog);
  dialog.showModal();
}

function theme() {
  const button = document.getElementById('theme');
  const stored = () => {
    try {
      return localStorage.getItem('proviso-theme');
    } catch {
      return null;
    }
  };
  const wear = (name) => {
    if (name) document.documentElement.dataset.theme = name;
  };
  wear(stored());
  button.addEventListener('click', () => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = document.documentElement.dataset.theme || (dark ? 'dark' : 'light');
    const next = now === 'dark' ? 'light' : 'dark';
    wear(next);
    try {
      localStorage.setItem('proviso-theme', next);
    } catch {
      // A page without a store forgets.
    }
  });
}

function begin() {
  const about = document.getElementById('about');
  const made = run.summary.things > 0 ? ` and ${plural(run.summary.things, 'thing')} made` : '';
  const cost = `${plural(run.summary.requests, 'request')}${made} in ${seconds(run.summary.duration)}`;
  append(about, [h('b', {}, run.target), ` · ${plural(run.cases.length, 'case')} · ${cost} · ${run.started} · proviso ${run.proviso}${run.shuffle === null ? '' : ` · --shuffle=${run.shuffle}`}`]);
  for (const [name, [title]] of Object.entries(VIEWS)) {
    append(nav, [h('li', {}, h('a', { href: `#/${name}`, 'data-view': name }, title))]);
  }
  theme();
  window.addEventListener('hashchange', follow);
  window.addEventListener('resize', paintList);
  document.addEventListener('keydown', onKey);
  follow();
}

begin();
