import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, send } from '../../helpers/accounts.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import {
  fixture,
  type ImageView,
  type TestUser,
  uploaded,
  urlOf,
  userWith,
} from '../../helpers/images.ts';
import { serverForTest, startServer, type TestServer } from '../../helpers/server.ts';

/** Serves one page on an origin of its own, until the test ends. */
async function siteWith(
  html: string | (() => string),
  headers: Record<string, string> = {},
): Promise<string> {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html', ...headers })
      .end(typeof html === 'string' ? html : html());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a page of another origin in Chromium', () => {
  let browser: Browser;
  let server: TestServer;
  let owner: TestUser;
  let image: ImageView;
  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startServer(CHEAP_HASHES);
    owner = await userWith(server, { tier: 'premium' });
    image = await uploaded(server, owner, fixture('baseline.jpg'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const tagsOf = ({ images }: ImageView, attributes = '') =>
    images.map(({ url }) => `<img ${attributes} src="${url.replace('&', '&amp;')}">`).join('');

  /** Opens a page, and returns the width of each of its pictures; 0 of one that is not shown. */
  async function widthsOn(site: string): Promise<number[]> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(site, { waitUntil: 'load' });
    return page.$$eval('img', (pictures) => pictures.map(({ naturalWidth }) => naturalWidth));
  }
  const widths = () => image.images.map(({ width }) => width);

  it('shows every size, without a token', async () => {
    expect(await widthsOn(await siteWith(tagsOf(image)))).toEqual(widths());
  });

  it('shows them where it embeds only what allows it (COEP)', async () => {
    const site = await siteWith(tagsOf(image), {
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(await widthsOn(site)).toEqual(widths());
  });

  it('reads pixels where CORS_ORIGINS allows its origin, also after it showed the picture without', async () => {
    let html = '';
    const site = await siteWith(() => html);
    const own = await serverForTest({ ...CHEAP_HASHES, CORS_ORIGINS: site });
    const shown = await uploaded(own, await userWith(own), fixture('baseline.jpg'));
    html = tagsOf(shown);
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(site, { waitUntil: 'load' });
    html += tagsOf(shown, 'crossorigin');
    await page.goto(site, { waitUntil: 'load' });
    const pixels = await page.evaluate(`(() => {
      const context = document.createElement('canvas').getContext('2d');
      context.drawImage(document.querySelector('img[crossorigin]'), 0, 0);
      return context.getImageData(0, 0, 1, 1).data.length;
    })()`);
    expect(pixels).toBe(4);
  });

  it('shows nothing of an image that is deleted, or whose address was changed', async () => {
    const gone = await uploaded(server, owner, fixture('baseline.jpg'));
    await send(server, 'DELETE', `/images/${gone.id}`, owner);
    const forged = urlOf(image, '200px').replace('200px', 'original').replace('&', '&amp;');
    const site = await siteWith(`${tagsOf(gone)}<img src="${forged}">`);
    expect(await widthsOn(site)).toEqual([0, 0, 0, 0]);
  });
});
