// Reads report files with readers of their own ecosystems, to the counts of the JSON report beside them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { har } from 'har-validator';
import { Parser } from 'tap-parser';

const folder = resolve(process.env.PAGES || new URL('../../target/tmp', import.meta.url).pathname);
const read = (name) => readFileSync(resolve(folder, `report.${name}`), 'utf8');

test('tap is read to the same counts', () => {
  const { counts } = JSON.parse(read('json')).summary;
  const results = { diagnostics: 0 };
  Parser.parse(read('tap'), { strict: true }).forEach(([kind, value]) => {
    if (kind === 'complete') results.complete = value;
    if (kind === 'assert' && value.diag) results.diagnostics += Number(value.diag.told.startsWith(value.diag.verdict));
  });
  const failing = counts.violates + counts.environment + counts.undetermined;
  const { fail, skip, count } = results.complete;
  assert.deepEqual({ fail, skip, count }, { fail: failing, skip: counts.skipped, count: 9 });
  assert.equal(results.diagnostics, failing + counts.drifted);
});

test('har is valid, and holds the counts and every exchange', async () => {
  const { cases, summary } = JSON.parse(read('json'));
  const file = JSON.parse(read('har'));
  await har(file);
  const counts = Object.fromEntries(Object.keys(summary.counts).map((verdict) => [verdict, 0]));
  for (const page of file.log.pages) counts[page.comment] += 1;
  assert.deepEqual(counts, summary.counts);
  assert.equal(file.log.entries.length, cases.flatMap((it) => it.exchanges).length);
  await assert.rejects(har({ log: { ...file.log, entries: [{}] } }));
});
