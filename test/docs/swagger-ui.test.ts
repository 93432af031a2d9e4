import { createHash, createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PASSWORD, register } from '../helpers/accounts.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { root } from '../helpers/process.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** A page on which nothing may go wrong: an error in the console, or a request that fails, fails the test. */
async function openPage(path: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('response', (response) => {
    if (!response.url().startsWith(server.url)) complaints.push(`${response.url()} is elsewhere`);
  });
  onTestFinished(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(server.url + path);
  return page;
}

/** Executes an operation, as it stands or with a body; gives the answer, once the page shows it. */
async function execute(
  page: Page,
  operation: string,
  given?: string,
): Promise<Record<string, unknown>> {
  const block = page.locator(`[id$="-${operation}"]`);
  if (!(await block.locator('.execute').isVisible()))
    await block.locator('.opblock-summary').click();
  if (given !== undefined) await block.locator('textarea.body-param__text').fill(given);
  const answer = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
  await block.locator('.execute').click();
  const body = await (await answer).json();
  const shown = block.locator('.live-responses-table .response-col_description');
  const texts = Object.values(body).filter((value) => typeof value !== 'object');
  for (const text of texts.map(String)) await shown.getByText(text).first().waitFor();
  return body;
}

describe('the documentation page', () => {
  it('is where the root leads', async () => {
    const page = await openPage('/');
    await page.getByText('Exact sums of JSON documents').waitFor();
    expect(page.url()).toBe(`${server.url}/docs`);
    expect(await page.title()).toBe('Tally API');
  });

  it('signs in once and sums at once, without a token being copied', async () => {
    const page = await openPage('/docs');
    expect(await execute(page, 'authenticate')).toMatchObject({ token_type: 'Bearer' });
    expect(await execute(page, 'sumDocument')).toEqual({ sha256: sha256('10') });
    await mkdir(join(root, 'coverage'), { recursive: true });
    await page.screenshot({ path: join(root, 'coverage/swagger-ui.png'), fullPage: true });
  });

  it('signs in to an account as well, and is then somebody', async () => {
    const account = await register(server);
    const page = await openPage('/docs');
    const credentials = { username: account.username, password: PASSWORD };
    await execute(page, 'login', JSON.stringify(credentials));
    const body = await execute(page, 'getOwnAccount');
    expect(body).toMatchObject({ id: account.id, email: account.email });
  });

  it('sums each of its examples', async () => {
    const page = await openPage('/docs');
    await execute(page, 'authenticate');
    await page.locator('[id$="-sumDocument"] .opblock-summary').click();
    const examples = page
      .locator('[id$="-sumDocument"] .opblock-section-request-body select')
      .last();
    const sums = { numbers: '10', members: '10', fractions: '0.3', order: '27.99', prices: '2' };
    for (const [example, sum] of Object.entries(sums)) {
      await examples.selectOption(example);
      expect(await execute(page, 'sumDocument'), example).toEqual({ sha256: sha256(sum) });
    }
  });

  it('has an example of each option of a sum, which works', async () => {
    const page = await openPage('/docs');
    await execute(page, 'authenticate');
    const block = page.locator('[id$="-sumDocument"]');
    await block.locator('.opblock-summary').click();
    const choose = (parameter: string, example: string) =>
      block
        .locator(`tr[data-param-name="${parameter}"] .examples-select select`)
        .selectOption(example);
    const body = block.locator('.opblock-section-request-body');
    await body.locator('.examples-select select').selectOption('prices');
    const place = (path: string, count: number, sum: string) => ({
      path,
      count,
      sha256: sha256(sum),
      sum,
    });
    const two = { sha256: sha256('2'), sum: '2', count: 2 };
    await choose('include', 'all');
    expect(await execute(page, 'sumDocument')).toEqual({
      ...two,
      paths: [place('$.prices.apple', 1, '0.8'), place('$.prices.pear', 1, '1.2')],
    });
    await choose('collapse', 'prices');
    const collapsed = { ...two, paths: [place('$.prices[*]', 2, '2')] };
    expect(await execute(page, 'sumDocument')).toEqual(collapsed);
    await choose('Sum-Key', 'example');
    const key = 'this example is no secret';
    const hmac = createHmac('sha256', key).update('2').digest('hex');
    expect(await execute(page, 'sumDocument')).toMatchObject({ hmac_sha256: hmac, count: 2 });
    await choose('Sum-Key', 'none');
    await choose('collapse', 'none');
    await body.locator('select.content-type').selectOption('application/x-ndjson');
    expect(await execute(page, 'sumDocument')).toMatchObject({
      count: 2,
      paths: [place('$[*].total', 2, '50')],
    });
    await block.screenshot({ path: join(root, 'coverage/swagger-ui-sum.png') });
    await choose('include', 'digest');
    expect(await execute(page, 'sumDocument')).toEqual({ sha256: sha256('50') });
    await body.locator('select.content-type').selectOption('application/json-seq');
    expect(await execute(page, 'sumDocument')).toEqual({ sha256: sha256('20') });
  }, 60_000);

  it('works under a policy that allows no inline script and nothing from elsewhere', async () => {
    const { headers } = await fetch(`${server.url}/docs`);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});
