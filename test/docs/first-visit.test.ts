import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDemoCatalogue } from '../../src/features/shop/demo-catalogue.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES, me } from '../helpers/accounts.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { PHOTOGRAPH } from '../helpers/images.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const WIDTHS = [1300, 400];
const SCHEMES = ['light', 'dark'] as const;

let server: TestServer;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  server = await startServer(CHEAP_HASHES);
  await addDemoCatalogue(server.app.database.as<ShopTables>());
  browser = await launchBrowser();
  folder = process.env.SCREENSHOTS ?? (await mkdtemp(join(tmpdir(), 'tally-screenshots-')));
  await mkdir(folder, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const blockOf = (page: Page, operation: string) => page.locator(`[id$="-${operation}"].opblock`);
const status = (page: Page) => page.locator('#session-status');

/** Opens an operation, executes what the page has filled in, and returns the answer. */
async function execute(page: Page, operation: string): Promise<Record<string, unknown>> {
  const block = blockOf(page, operation);
  if (!(await block.locator('.execute').isVisible()))
    await block.locator('.opblock-summary-control').click();
  const answered = page.waitForResponse(
    (response) => response.request().resourceType() === 'fetch',
  );
  await block.locator('.execute').click();
  const answer = await answered;
  await block.locator('.live-responses-table .response-col_status').first().waitFor();
  expect(answer.ok(), `${operation}: ${answer.status()}`).toBe(true);
  const isJson = answer.headers()['content-type']?.startsWith('application/json');
  return isJson ? answer.json() : {};
}

/** Saves what a person sees on a screen and on a telephone, in the light and in the dark. Nothing may need scrolling sideways. */
async function look(page: Page, name: string, part?: Locator): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(width);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = join(folder, `${name}-${width}-${colorScheme}.png`);
      await (part ?? page).screenshot({ path, animations: 'disabled' });
    }
  }
  await page.setViewportSize({ width: 1300, height: 900 });
}

it('takes a person from a guest’s sum to an order and an image', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}/docs`);
  await blockOf(page, 'authenticate').waitFor();
  await look(page, '1-start');

  await execute(page, 'authenticate');
  expect(await status(page).textContent()).toMatch(/^ada · guest · until /);
  await execute(page, 'sumDocument');
  await look(page, '2-sum', blockOf(page, 'sumDocument'));

  await execute(page, 'registerAccount');
  const { access_token: token } = await execute(page, 'login');
  expect(await status(page).textContent()).toMatch(/^ada · account · until /);
  await look(page, '3-login', blockOf(page, 'login'));

  await execute(page, 'listProducts');
  await execute(page, 'quoteOrder');
  const { id: order } = await execute(page, 'placeOrder');
  await look(page, '4-order', blockOf(page, 'placeOrder'));
  expect(await execute(page, 'getOrder')).toMatchObject({ id: order });

  await blockOf(page, 'uploadImage').locator('.opblock-summary-control').click();
  await blockOf(page, 'uploadImage').locator('input[type=file]').setInputFiles(PHOTOGRAPH);
  await execute(page, 'uploadImage');
  await look(page, '5-upload', blockOf(page, 'uploadImage'));
  await execute(page, 'downloadImage');
  const image = blockOf(page, 'downloadImage').locator('.live-responses-table img');
  const height = () =>
    image.evaluate((node) => (node as unknown as { naturalHeight: number }).naturalHeight);
  await expect.poll(height).toBe(200);
  await look(page, '6-image', blockOf(page, 'downloadImage'));

  await page.reload();
  await blockOf(page, 'getOwnAccount').waitFor();
  expect(await status(page).textContent()).toMatch(/^ada · account · until /);
  expect(await execute(page, 'getOwnAccount')).toMatchObject({ username: 'ada' });
  await look(page, '7-reloaded');

  const signOut = page.getByRole('button', { name: 'Sign out', exact: true });
  await page.route('**/accounts/logout', (route) => route.fulfill({ status: 503 }));
  await signOut.click();
  await page.getByText('The session could not be ended: try again').waitFor();
  expect((await me(server, String(token))).status).toBe(200);
  expect(complaints.splice(0)).toEqual([expect.stringContaining('503')]);
  await page.unroute('**/accounts/logout');
  await signOut.click();
  await page.getByText('Not signed in').waitFor();
  expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
  expect((await me(server, String(token))).status).toBe(401);
  await page.reload();
  await blockOf(page, 'authenticate').waitFor();
  expect(await status(page).textContent()).toBe('Not signed in');
  await page.close();
  expect(complaints).toEqual([]);
}, 180_000);

it('finds operations by the words of their summary, path or name', async () => {
  const page = await browser.newPage({ viewport: { width: 400, height: 900 } });
  await page.goto(`${server.url}/docs`);
  await blockOf(page, 'placeOrder').waitFor();
  await page.getByRole('search').getByRole('textbox').fill('place ORDER');
  await blockOf(page, 'authenticate').waitFor({ state: 'detached' });
  expect(await page.locator('.opblock').count()).toBe(1);
  await look(page, '8-filter');
  await page.close();
});

it('shows open padlocks to who is not signed in, the answer first, and what a field takes', async () => {
  const page = await browser.newPage({ viewport: { width: 400, height: 900 } });
  await page.goto(`${server.url}/docs`);
  await blockOf(page, 'downloadImage').waitFor();
  expect(await page.locator('.authorization__btn .locked').count()).toBe(0);
  expect(await page.locator('.authorization__btn .unlocked').count()).toBeGreaterThan(10);
  expect(await page.getByRole('search').getByRole('textbox').getAttribute('placeholder')).toBe(
    'Filter by name, path, summary or tag',
  );
  await execute(page, 'authenticate');
  await execute(page, 'sumDocument');
  const block = blockOf(page, 'sumDocument');
  const top = async (selector: string) => (await block.locator(selector).boundingBox())!.y;
  expect(await top('.live-responses-table')).toBeLessThan(await top('.curl-command'));
  expect(await top('.live-responses-table')).toBeLessThan(await top('.request-url'));
  await look(page, '9-answer', block.locator('.live-response'));
  const collapse = block.locator('tr[data-param-name=collapse]');
  await collapse.locator('.json-schema-form-item-add').click();
  expect(await collapse.locator('.json-schema-form-item input').inputValue()).toBe('');
  await blockOf(page, 'uploadImage').locator('.opblock-summary-control').click();
  const file = blockOf(page, 'uploadImage').locator('input[type=file]');
  expect(await file.getAttribute('accept')).toBe('image/jpeg,image/png');
  await page.close();
}, 60_000);

it('sends no option that was left empty, and lets the server explain a short key', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  await page.goto(`${server.url}/docs`);
  await execute(page, 'authenticate');
  const block = blockOf(page, 'sumDocument');
  await block.locator('.opblock-summary-control').click();
  expect(
    await block.locator('tr[data-param-name=include] select option').allTextContents(),
  ).not.toContain('--');
  await block.locator('textarea.body-param__text').fill('[1]');
  await block
    .locator('select[aria-label="Request content type"]')
    .selectOption('application/x-ndjson');
  expect(await block.locator('textarea.body-param__text').inputValue()).toContain('invoice');
  await block.locator('tr[data-param-name="Sum-Key"] input').fill('short');
  await block.locator('.execute').click();
  await block
    .getByText(/must be 16 to 64 bytes as base64url/)
    .first()
    .waitFor();
  await page.close();
});
