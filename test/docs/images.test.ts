import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHEAP_HASHES, PASSWORD } from '../helpers/accounts.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { PHOTOGRAPH, userWith } from '../helpers/images.ts';
import { root } from '../helpers/process.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer(CHEAP_HASHES);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const blockOf = async (page: Page, operation: string) => {
  const block = page.locator(`[id$="-${operation}"]`);
  await block.locator('.opblock-summary').click();
  await block.locator('.execute').waitFor();
  return block;
};

it('the documentation page uploads a photograph by the file chooser and shows its thumbnail', async () => {
  const { username } = await userWith(server);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${server.url}/docs`);

  const login = await blockOf(page, 'login');
  const credentials = JSON.stringify({ username, password: PASSWORD });
  await login.locator('textarea').first().fill(credentials);
  await login.locator('.execute').click();
  await login.locator('.live-responses-table').getByText('access_token').first().waitFor();

  const upload = await blockOf(page, 'uploadImage');
  // The page fills in an example of each field. Basic includes no links, so no time is sent.
  await upload.locator('tr[data-property-name=expiring_time_seconds] input').first().fill('');
  const choosing = page.waitForEvent('filechooser');
  await upload.locator('input[type=file]').click();
  await (await choosing).setFiles(PHOTOGRAPH);
  const answering = page.waitForResponse((response) => response.url().endsWith('/images'));
  await upload.locator('.execute').click();
  const answer = await answering;
  expect({ status: answer.status(), body: await answer.text() }).toMatchObject({ status: 201 });
  const { id } = (await answer.json()) as { id: string };

  const download = await blockOf(page, 'downloadImage');
  await download.locator('tr[data-param-name=id] input').fill(id);
  await download.locator('tr[data-param-name=size] input').fill('200px');
  await download.locator('.execute').click();
  const picture = download.locator('.live-responses-table img');
  await picture.waitFor();
  await expect
    .poll(() =>
      picture.evaluate((image) => (image as unknown as { naturalHeight: number }).naturalHeight),
    )
    .toBe(200);
  await mkdir(join(root, 'coverage'), { recursive: true });
  await download.screenshot({ path: join(root, 'coverage/swagger-ui-image.png') });
  expect(complaints).toEqual([]);
  await page.close();
}, 60_000);
