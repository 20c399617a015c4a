// Makes the pictures of the report page from a real run: the contracts of this repository against a mock that answers two of them
// differently, as a vendor may.
//
//     cargo build && cd tests/browser && npm ci && npm run screenshots

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './chromium.mjs';
import { change, proviso, root, serve, shown } from './terminal.mjs';

const images = join(root, '.github/images');
const folder = mkdtempSync(join(tmpdir(), 'proviso-'));

async function pages(report) {
  const browser = await launch();
  const page = await browser.newPage();
  const views = { overview: '#/overview', case: '#/cases/omise%2Flinked_accounts.delete%2Flive' };
  for (const [name, hash] of Object.entries(views)) {
    await page.setViewport({ width: 1040, height: 640 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: name === 'case' ? 'dark' : 'light' }]);
    await page.goto(pathToFileURL(report).href + hash);
    await new Promise((done) => setTimeout(done, 300));
    await page.screenshot({ path: join(images, `report-${name}.png`) });
  }
  await browser.close();
}

mkdirSync(images, { recursive: true });
const specs = join(folder, 'specs');
cpSync(join(root, 'specs'), specs, { recursive: true });
change(join(specs, 'omise/linked_accounts.delete.yaml'), 'fields: { deleted: true }', 'fields: { deleted: false }');
change(join(specs, 'mytpe/pay_links.delete.yaml'), 'Pay link deleted successfully', 'Link deleted');
const { mock, environment } = await serve(specs);
try {
  const report = join(folder, 'report.html');
  shown(`${proviso} --target $PROVISO_TARGET --state ${join(folder, 'state')} --report-html ${report}`, root, environment);
  await pages(report);
} finally {
  mock.kill();
  rmSync(folder, { recursive: true });
}
