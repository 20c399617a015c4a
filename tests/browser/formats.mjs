// Reads report files with readers of their own ecosystems, to the counts of the JSON report beside them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { har } from 'har-validator';
import ts from 'typescript';
import { Parser } from 'tap-parser';

const folder = resolve(process.env.PAGES || new URL('../../target/tmp', import.meta.url).pathname);
// A run of every verdict, and one in which a vendor says whatever might break a reader.
const RUNS = ['report', 'payloads'];
const reader = (stem) => (name) => readFileSync(resolve(folder, `${stem}.${name}`), 'utf8');

for (const stem of RUNS) test(`tap is read to the same counts: ${stem}`, () => {
  const read = reader(stem);
  const { cases, summary: { counts } } = JSON.parse(read('json'));
  const results = { diagnostics: 0 };
  Parser.parse(read('tap'), { strict: true }).forEach(([kind, value]) => {
    if (kind === 'complete') results.complete = value;
    if (kind === 'assert' && value.diag) results.diagnostics += Number(value.diag.report.startsWith(value.diag.verdict));
  });
  const failing = counts.violates + counts.environment + counts.undetermined + counts.refused;
  const { fail, skip, count } = results.complete;
  assert.deepEqual({ fail, skip, count }, { fail: failing, skip: counts.skipped, count: cases.length });
  assert.equal(results.diagnostics, failing + counts.drifted);
});

for (const stem of RUNS) test(`har is valid, and holds the counts and every exchange: ${stem}`, async () => {
  const read = reader(stem);
  const { cases, summary } = JSON.parse(read('json'));
  const file = JSON.parse(read('har'));
  await har(file);
  const counts = Object.fromEntries(Object.keys(summary.counts).map((verdict) => [verdict, 0]));
  for (const page of file.log.pages) counts[page.comment] += 1;
  assert.deepEqual(counts, summary.counts);
  assert.equal(file.log.entries.length, cases.flatMap((it) => it.exchanges).length);
  await assert.rejects(har({ log: { ...file.log, entries: [{}] } }));
});

// What the types of the standard, generated from its schema, say of a log.
function mistakesOfSarif(log) {
  const name = resolve(new URL('.', import.meta.url).pathname, 'log.ts');
  const text = `import type { Log } from 'sarif';\nexport const log: Log = ${JSON.stringify(log)};\n`;
  const options = { noEmit: true, strict: true, types: [], skipLibCheck: true, target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, target) => path === name ? ts.createSourceFile(path, text, target) : read(path, target);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map((it) => ts.flattenDiagnosticMessageText(it.messageText, ' '));
}

for (const stem of RUNS) test(`sarif has what the standard has, and nothing else: ${stem}`, () => {
  const read = reader(stem);
  const log = JSON.parse(read('sarif'));
  assert.deepEqual(mistakesOfSarif(log), []);
  const [run] = log.runs;
  for (const spoiled of [{ ...log, version: '3' }, { ...log, runz: [] }, { ...log, runs: [{ results: [] }] },
    { ...log, runs: [{ ...run, results: [{ ...run.results[0], level: 'severe' }] }] }]) {
    assert.notDeepEqual(mistakesOfSarif(spoiled), []);
  }
});
