// Reads report files with readers of their own ecosystems, to the counts of the JSON report beside them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
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
