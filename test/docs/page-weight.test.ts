import type { BrowserContext } from 'playwright-core';
import { expect, it } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import { serverForTest } from '../helpers/server.ts';

/** Opens the documentation, and returns the size on the wire of each answer, headers included, by address. */
async function visit(context: BrowserContext, url: string): Promise<Record<string, number>> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const addresses = new Map<string, string>();
  const sizes: Record<string, number> = {};
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) =>
    addresses.set(requestId, request.url),
  );
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId)!;
    if (address.startsWith(url)) sizes[address.slice(url.length)] = encodedDataLength;
  });
  await devtools.send('Network.enable');
  await page.goto(`${url}/docs`);
  await page.locator('.opblock').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.close();
  return sizes;
}

const total = (sizes: Record<string, number>) =>
  Object.values(sizes).reduce((sum, size) => sum + size, 0);

it('is a light page at the first visit, and next to nothing at the second', async () => {
  const server = await serverForTest();
  const browser = await launchBrowser();
  const context = await browser.newContext();
  const first = await visit(context, server.url);
  const second = await visit(context, server.url);
  await browser.close();

  expect(Object.keys(first)).toContain('/docs/json');
  expect(total(first), JSON.stringify(first)).toBeLessThan(600_000);
  expect(total(second), JSON.stringify(second)).toBeLessThan(10_000);
  const files = Object.keys(first);
  const answers = await Promise.all(
    files.map((path) => fetch(server.url + path, { headers: { 'accept-encoding': 'gzip' } })),
  );
  const compressed = answers.map(({ headers }) => Number(headers.get('content-length')));
  expect(compressed.reduce((sum, size) => sum + size, 0)).toBeLessThan(700_000);
}, 60_000);

it('sends each of its files again only if it has changed', async () => {
  const server = await serverForTest();
  const get = (path: string, headers = {}) => fetch(server.url + path, { headers });
  const html = await (await get('/docs')).text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  expect(files).toContain('/docs/static/theme/page.js');
  for (const path of ['/docs', '/docs/', '/docs/json', ...files]) {
    const { status, headers } = await get(path, { 'accept-encoding': 'br' });
    expect([status, headers.get('content-encoding')], path).toEqual([200, 'br']);
    expect(headers.get('cache-control'), path).toBe('no-cache');
    const again = await get(path, { 'if-none-match': headers.get('etag')! });
    expect([again.status, await again.text()], path).toEqual([304, '']);
    const plain = await get(path, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding'), path).toBeNull();
    expect((await plain.text()).length, path).toBeGreaterThan(100);
  }
}, 60_000);

it('sends the specification again only if it has changed', async () => {
  const server = await serverForTest();
  const get = (headers: Record<string, string>) => fetch(`${server.url}/openapi.json`, { headers });
  for (const coding of ['br', 'gzip', 'identity', 'gzip;q=0, br;q=0', 'deflate']) {
    const answer = await get({ 'accept-encoding': coding });
    const isCompressed = coding === 'br' || coding === 'gzip';
    expect(answer.headers.get('content-encoding')).toBe(isCompressed ? coding : null);
    expect(answer.headers.get('vary')).toBe('accept-encoding');
    expect(await answer.json()).toEqual(server.app.swagger());
    const again = await get({ 'if-none-match': answer.headers.get('etag')! });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  }
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
});
