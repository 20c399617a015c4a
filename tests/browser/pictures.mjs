// Makes the README's picture of a failure and the moving picture of the first minutes, both from real runs.
//
//     cargo build && cd tests/browser && npm ci && npm run pictures

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { change, moving, proviso, root, rows, serve, shown, still, typed } from './terminal.mjs';

const images = join(root, '.github/images');
const folder = mkdtempSync(join(tmpdir(), 'proviso-'));
const path = { PATH: `${dirname(proviso)}:${process.env.PATH}` };

/** Runs commands in a folder against a mock of changed contracts; the answer is each with the rows that it printed. */
async function play(place, specs, commands) {
  const { mock, environment } = await serve(specs);
  try {
    return commands.map((command) => {
      const real = command.replaceAll('TARGET', environment.PROVISO_TARGET);
      return { command: real, output: rows(shown(real, place, { ...environment, PROVISO_TARGET: '', ...path })) };
    });
  } finally {
    mock.kill();
  }
}

/** A vendor of this repository that has changed the wording of a message. */
async function failure() {
  const specs = join(folder, 'specs');
  cpSync(join(root, 'specs'), specs, { recursive: true });
  change(join(specs, 'mytpe/pay_links.delete.yaml'), 'Pay link deleted successfully', 'Link deleted');
  const place = join(folder, 'failure');
  cpSync(join(root, 'specs'), join(place, 'specs'), { recursive: true });
  const [{ command, output }] = await play(place, specs, ['proviso --target TARGET']);
  writeFileSync(join(images, 'terminal.svg'), still([typed(command), ...output]));
}

/** The first minutes in an empty folder: a contract, the mock, and a vendor at which a second deletion succeeds. */
async function firstMinutes() {
  const place = join(folder, 'first');
  mkdirSync(place);
  const init = 'proviso init acme --origin https://sandbox.acme.example --yes';
  const output = rows(shown(init, place, path));
  const specs = join(folder, 'changed');
  cpSync(join(place, 'specs'), specs, { recursive: true });
  const operation = join(specs, 'acme/links.delete.yaml');
  change(operation, '  404.deleted: "The link was deleted before"\n', '');
  change(operation, 'then: not_found, cites: [404.deleted]', 'then: deleted, inferred: "a second deletion succeeds"');
  const scenes = await play(place, specs, ['proviso', 'proviso --target TARGET']);
  writeFileSync(join(images, 'first-minutes.svg'), moving([{ command: init, output }, ...scenes], 32));
}

try {
  await failure();
  await firstMinutes();
} finally {
  rmSync(folder, { recursive: true });
}
