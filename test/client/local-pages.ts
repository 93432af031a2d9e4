import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build as bundle } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { onTestFinished } from 'vitest';

const PROGRAM = `import * as local from 'tally-client/local'; globalThis.local = local;`;
const PAGE = '<title>A page</title><script type="module" src="./main.js"></script>';
const MEDIA_TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Folders with the same page, made in different ways. */
export interface Pages {
  vite: string;
  /** The bundler leaves the worker's file out. */
  esbuild: string;
  /** The worker's file is an entry of its own. */
  esbuildWithWorker: string;
  /** An import map names the files of the packages. */
  unbundled: string;
}

/** Makes the page in a project that has installed the client. */
export async function makePages(project: string): Promise<Pages> {
  await writeFile(join(project, 'main.js'), PROGRAM);
  await writeFile(join(project, 'index.html'), PAGE);
  const vite = join(project, 'vite');
  await build({ root: project, logLevel: 'error', build: { outDir: vite } });
  const worker = join(project, 'node_modules/tally-client/dist/local/local-worker.js');
  return {
    vite,
    esbuild: await makeWithEsbuild(project, 'esbuild', []),
    esbuildWithWorker: await makeWithEsbuild(project, 'esbuild-with-worker', [worker]),
    unbundled: await makeUnbundled(project),
  };
}

async function makeWithEsbuild(project: string, name: string, more: string[]): Promise<string> {
  const outdir = join(project, name);
  await bundle({
    entryPoints: [join(project, 'main.js'), ...more],
    entryNames: '[name]',
    bundle: true,
    format: 'esm',
    outdir,
  });
  await writeFile(join(outdir, 'index.html'), PAGE);
  await writeFile(join(outdir, 'elsewhere.html'), PAGE.replace('./', 'http://cdn/'));
  return outdir;
}

async function makeUnbundled(project: string): Promise<string> {
  const folder = join(project, 'unbundled');
  const installed = join(project, 'node_modules');
  await mkdir(folder);
  await cp(join(installed, 'tally-client/dist'), join(folder, 'client'), { recursive: true });
  await cp(join(installed, '@noble/hashes'), join(folder, 'hashes'), { recursive: true });
  const imports = { 'tally-client/local': './client/local.js', '@noble/hashes/': './hashes/' };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  await writeFile(join(folder, 'index.html'), map + PAGE);
  await writeFile(join(folder, 'main.js'), PROGRAM);
  return folder;
}

export interface OpenedPage {
  tab: Page;
  /** Returns the number of workers that were started. */
  workers(): number;
}

/**
 * Opens a page at an address without TLS, as in an intranet: it has no Web Crypto there. `elsewhere.html` gets its scripts
 * from another origin.
 */
export async function openPage(
  browser: Browser,
  folder: string,
  headers: Record<string, string> = {},
  page = 'index.html',
): Promise<OpenedPage> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  let workers = 0;
  await context.route(/^http:\/\/(intranet|cdn)\//, async (route) => {
    const path = new URL(route.request().url()).pathname;
    const body = await readFile(join(folder, path)).catch(() => undefined);
    if (!body) return route.fulfill({ status: 404, body: 'Not found' });
    const type = MEDIA_TYPES[extname(path)] ?? 'text/plain';
    const fixed = { 'content-type': type, 'access-control-allow-origin': '*' };
    await route.fulfill({ body, headers: { ...fixed, ...headers } });
  });
  const tab = await context.newPage();
  // A worker whose program cannot be loaded counts only once it could.
  tab.on('console', (message) => void (message.text() === 'worker started' && workers++));
  await tab.addInitScript(() => {
    const { Worker: Original } = globalThis as unknown as { Worker: typeof EventTarget };
    class Counted extends Original {
      constructor(...given: []) {
        super(...given);
        this.addEventListener('message', () => console.info('worker started'), { once: true });
      }
    }
    Object.assign(globalThis, { Worker: Counted });
  });
  await tab.goto(`http://intranet/${page}`);
  await tab.waitForFunction(() => 'local' in globalThis);
  return { tab, workers: () => workers };
}

type Local = typeof import('../../generated-client/src/local.ts');

/** A document that is made in the page: an array of as many objects as fill the bytes. */
export interface LargeDocument {
  source: 'blob' | 'bytes' | 'text' | 'stream';
  bytes: number;
}

/** Sums a document in the page. Times are in milliseconds. */
export function sumInPage(tab: Page, document: LargeDocument) {
  return tab.evaluate(async ({ source, bytes }) => {
    const { sum } = (globalThis as unknown as { local: Local }).local;
    const row = '{"id":"a-1","price":0.1,"quantity":3},';
    const rows = Math.floor(bytes / row.length);
    const whole = new TextEncoder().encode(`[${row.repeat(rows)}0]`);
    const sources = {
      blob: () => new Blob([whole]),
      bytes: () => whole,
      text: () => new TextDecoder().decode(whole),
      stream: () => new Blob([whole]).stream(),
    };
    const given = sources[source]();
    const heard: number[] = [];
    await new Promise((resolve) => setTimeout(resolve, 100));
    let last = performance.now();
    let longestTurn = 0;
    const timer = setInterval(() => {
      longestTurn = Math.max(longestTurn, performance.now() - last);
      last = performance.now();
    }, 1);
    const started = performance.now();
    const onProgress = (progress: number) => heard.push(progress);
    const answer = await sum(given, { include: ['sum', 'count', 'paths'], onProgress });
    const ended = performance.now();
    clearInterval(timer);
    const elapsed = ended - started;
    longestTurn = Math.max(longestTurn, ended - last);
    return { answer, rows, size: whole.length, heard, elapsed, longestTurn };
  }, document);
}
