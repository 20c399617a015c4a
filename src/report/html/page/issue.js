// A case as an issue: Markdown for those who keep the API.

const REQUEST_ID = /^(x-)?([a-z]+-)?(request|correlation|trace)-?id$/i;

function copyAsIssue(entry, about) {
  if (!FAILING.includes(entry.verdict)) return null;
  const label = 'Copy as issue';
  const button = h('button', { type: 'button', class: 'copy-issue', onclick: () => copy(issueText(entry, about), button, label) }, label);
  return button;
}

function issueText(entry, about) {
  const asked = [...about.exchanges].reverse().find((it) => it.purpose === 'case') || about.exchanges.at(-1);
  const named = about.findings.map((finding) => finding.clause).filter(Boolean);
  const clauses = named.length > 0 ? named : about.cites;
  const facts = [
    ['case', `${entry.id} at ${run.target}`],
    ['promised', entry.promised],
    ...[...new Map(clauses.map((it) => [it.id, it])).values()].map((it) => ['the page says', `${it.says} (${it.id})`]),
    about.page && ['page', about.page],
    ...(about.findings.length > 0 ? about.findings.map((it) => ['found', it.message]) : [['found', about.reason || entry.headline]]),
    ...(asked ? traces(asked) : []),
    ['run', `${run.started}, proviso ${run.proviso}`],
  ];
  const list = facts.filter(Boolean).map(([name, text]) => `- ${name}: ${code(text)}`);
  const blocks = asked ? [...answered(asked), ...sentAgain(asked)] : [];
  return [`### ${code(entry.headline)}`, '', ...list, '', ...blocks].join('\n');
}

/** What the vendor finds an answer by. */
function traces(exchange) {
  const headers = exchange.answer_headers || [];
  const ids = headers.filter(([name]) => REQUEST_ID.test(name)).map(([name, value]) => [name.toLowerCase(), value]);
  const date = headers.find(([name]) => name.toLowerCase() === 'date');
  return date ? [...ids, ['time', date[1]]] : ids;
}

function answered(exchange) {
  const came = exchange.status === null ? exchange.failure || 'no answer' : `${exchange.status}`;
  const body = exchange.answer ? `\n\n${indented(exchange.answer)}` : '';
  return [`Answered to ${code(`${exchange.method} ${exchange.url}`)}:`, '', fenced(`${came}${body}`), ''];
}

const sentAgain = (exchange) => (exchange.curl ? ['To send it again:', '', fenced(exchange.curl), ''] : []);

/** Backticks that a text cannot end. */
const backticks = (text, least) => '`'.repeat(Math.max(least, ...(text.match(/`+/g) || []).map((run) => run.length + 1)));

/** A block of code. */
function fenced(text) {
  const shown = visible(text);
  const fence = backticks(shown, 3);
  return `${fence}\n${shown}\n${fence}`;
}

/** A text as code in one line: nothing in it is markup, and it mentions no user. */
function code(text) {
  const line = visible(String(text)).replace(/\s+/g, ' ').trim();
  const fence = backticks(line, 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
