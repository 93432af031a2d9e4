import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { Engine } from '../src/features/sum/engine/index.ts';
import { launchBrowser } from '../test/helpers/browser.ts';
import { root } from '../test/helpers/process.ts';
import { measureInTurn, pairedRatio } from './lib/measure.ts';
import { streamed } from './sum-contenders.ts';

const ROUNDS = 7;
const TURN_MS = 50;

/** How fast `tally-client/local` is beside the engine in the process of a server. */
interface LocalSpeeds {
  node: number;
  chromium: number;
}

type LocalModule = { sum(document: Uint8Array): Promise<{ sha256: string }> };

/** Returns the milliseconds that a sum takes, repeated for `TURN_MS`. */
async function timeOf(sum: () => unknown): Promise<number> {
  const started = performance.now();
  let times = 0;
  do {
    await sum();
    times++;
  } while (performance.now() - started < TURN_MS);
  return (performance.now() - started) / times;
}

/** Compares the client in this process and in a page of Chromium with the engine, for documents in memory. */
export async function measureLocal(engine: Engine, files: string[]): Promise<LocalSpeeds[]> {
  const script = await bundle();
  const { sum }: LocalModule = await import(
    `data:text/javascript;base64,${script.toString('base64')}`
  );
  const server = createServer(({ url = '/' }, response) => {
    const file = files[Number(url.slice(1))];
    const isScript = url === '/local.js';
    if (isScript) response.setHeader('content-type', 'text/javascript');
    if (url === '/') response.setHeader('content-type', 'text/html');
    response.end(isScript ? script : url === '/' || !file ? '' : readFileSync(file));
  }).listen(0, '127.0.0.1');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const speeds: LocalSpeeds[] = [];
    for (const [index, file] of files.entries()) {
      const document = readFileSync(file);
      const times = await measureInTurn(
        ROUNDS,
        [
          () => timeOf(() => streamed(engine, document)),
          () => timeOf(() => sum(document)),
          () => timeInPage(page, index),
        ],
        (measure) => measure(),
      );
      speeds.push({
        node: pairedRatio(times[0]!, times[1]!),
        chromium: pairedRatio(times[0]!, times[2]!),
      });
    }
    return speeds;
  } finally {
    await browser.close();
    server.close();
  }
}

async function bundle(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [`${root}/generated-client/src/local.ts`],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outdir: 'out',
  });
  const entry = outputFiles.find(({ path }) => path.endsWith('local.js'));
  return Buffer.from(entry!.contents);
}

/** Does what `timeOf` does, in the page, which fetches each document once. */
function timeInPage(page: Page, index: number): Promise<number> {
  return page.evaluate(
    async ([index, turn]) => {
      const cache = globalThis as unknown as { documents?: Record<string, Uint8Array> };
      cache.documents ??= {};
      const url = `/${index}`;
      cache.documents[url] ??= new Uint8Array(await (await fetch(url)).arrayBuffer());
      const document = cache.documents[url];
      const script = '/local.js';
      const { sum }: LocalModule = await import(script);
      const started = performance.now();
      let times = 0;
      do {
        await sum(document);
        times++;
      } while (performance.now() - started < turn);
      return (performance.now() - started) / times;
    },
    [index, TURN_MS] as const,
  );
}
