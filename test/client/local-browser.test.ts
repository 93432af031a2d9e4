import { createHmac, hash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { makePages, openPage, type Pages, sumInPage } from './local-pages.ts';

let installed: InstalledPackage;
let browser: Browser;
let pages: Pages;
beforeAll(async () => {
  [installed, browser] = await Promise.all([installPackage(), launchBrowser()]);
  pages = await makePages(installed.folder);
});
afterAll(async () => {
  await browser?.close();
  await installed?.remove();
});

const LARGE = 120e6;
type Local = typeof import('../../generated-client/src/local.ts');
type Outcome = Awaited<ReturnType<typeof sumInPage>>;

function expectRight({ answer, rows, size, heard }: Outcome) {
  const entry = (path: string, sum: string, count = rows) => ({
    path,
    count,
    sha256: hash('sha256', sum),
    sum,
  });
  const price = String(rows / 10);
  const quantity = String(rows * 3);
  const whole = String((rows * 31) / 10);
  expect(answer).toEqual({
    sha256: hash('sha256', whole),
    sum: whole,
    count: 2 * rows + 1,
    paths: [entry('$[*]', '0', 1), entry('$[*].price', price), entry('$[*].quantity', quantity)],
  });
  expect(heard.at(-1)).toBe(size);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
}

describe('tally-client/local in a page', () => {
  it.each([
    ['blob', 1],
    ['bytes', 1],
    ['text', 1],
    ['stream', 0],
  ] as const)(
    'reads a large document (%s) while the page stays responsive',
    async (source, workers) => {
      const page = await openPage(browser, pages.vite);
      const outcome = await sumInPage(page.tab, { source, bytes: LARGE });
      expectRight(outcome);
      expect(page.workers()).toBe(workers);
      expect(outcome.heard.length).toBeGreaterThan(5);
      expect(outcome.longestTurn).toBeLessThan(outcome.elapsed / 2);
    },
  );

  it('starts no worker for a small document', async () => {
    const page = await openPage(browser, pages.vite);
    expectRight(await sumInPage(page.tab, { source: 'blob', bytes: 10e6 }));
    expect(page.workers()).toBe(0);
  });

  it.each([
    ['allows workers', "worker-src 'self'", 1],
    ['allows none', "worker-src 'none'", 0],
  ])('sums under a strict content security policy that %s', async (_, rule, workers) => {
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ${rule}`;
    const page = await openPage(browser, pages.vite, { 'content-security-policy': policy });
    for (const source of ['blob', 'bytes'] as const) {
      const outcome = await sumInPage(page.tab, { source, bytes: LARGE });
      expectRight(outcome);
      expect(outcome.longestTurn).toBeLessThan(outcome.elapsed / 2);
    }
    expect(page.workers()).toBe(2 * workers);
  });

  it.each([
    ['vite', 1],
    ['esbuildWithWorker', 1],
    ['esbuild', 0],
    ['unbundled', 1],
  ] as const)('works as made with %s', async (name, workers) => {
    const page = await openPage(browser, pages[name]);
    expectRight(await sumInPage(page.tab, { source: 'bytes', bytes: 20e6 }));
    expect(page.workers()).toBe(workers);
  });

  it('works with scripts of another origin, which cannot be those of a worker', async () => {
    const page = await openPage(browser, pages.esbuildWithWorker, {}, 'elsewhere.html');
    expectRight(await sumInPage(page.tab, { source: 'bytes', bytes: 20e6 }));
    expect(page.workers()).toBe(0);
  });

  it('makes digests without Web Crypto', async () => {
    const { tab } = await openPage(browser, pages.vite);
    const outcome = await tab.evaluate(async () => {
      const page = globalThis as unknown as { local: Local; isSecureContext: boolean };
      const key = new Uint8Array(32).fill(7);
      return { isSecure: page.isSecureContext, answer: await page.local.sum('[1,2]', { key }) };
    });
    const digest = createHmac('sha256', Buffer.alloc(32, 7)).update('3').digest('hex');
    expect(outcome).toEqual({ isSecure: false, answer: { hmac_sha256: digest } });
  });

  it('fails with a worker as it does without one', async () => {
    const { tab, workers } = await openPage(browser, pages.vite);
    const failures = await tab.evaluate(failuresInPage);
    expect(failures).toEqual([
      [true, 'malformed_json', 20_000_000, 10_000_001, expect.stringContaining('unexpected byte')],
      [true, 'too_large', 5_000_000, undefined, 'byte 5000000: the document is too large'],
      [false, undefined, undefined, undefined, 'enough of it'],
      [false, undefined, undefined, undefined, 'enough heard'],
      [false, undefined, undefined, undefined, expect.stringContaining('were transferred')],
    ]);
    expect(workers()).toBe(5);
    await expect.poll(() => tab.workers().length).toBe(0);
  });
});

/** Runs in the browser, and sees nothing of this file. */
async function failuresInPage() {
  const { sum, DocumentFault } = (globalThis as unknown as { local: Local }).local;
  const lines = new Uint8Array(20_000_001).map((_, index) => (index % 2 ? 0x0a : 0x31));
  lines[20_000_000] = 0x5d;
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('enough of it'));
  const stop = () => {
    throw new Error('enough heard');
  };
  const moved = lines.slice();
  const move = () => moved.length > 0 && structuredClone(moved, { transfer: [moved.buffer] });
  const format = 'lines';
  const attempts = [
    () => sum(new Blob([lines]), { format }),
    () => sum(new Blob([lines]), { format, limits: { maxBytes: 5_000_000 } }),
    () => sum(lines, { format, signal: controller.signal, onProgress: abort }),
    () => sum(lines, { format, onProgress: stop }),
    () => sum(moved, { format, onProgress: move }),
  ];
  const failures = [];
  for (const attempt of attempts) {
    const error = await attempt().catch((reason) => reason);
    const { code, offset, line, message } = error;
    failures.push([error instanceof DocumentFault, code, offset, line, message]);
  }
  return failures;
}
