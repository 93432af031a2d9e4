import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import { fixture, userWith } from '../helpers/images.ts';
import { findNodes } from '../helpers/nodes.ts';
import { root } from '../helpers/process.ts';
import { serverForTest } from '../helpers/server.ts';
import { bodyOf, faultServer } from './fault-server.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';

const run = promisify(execFile);
const TSC = join(root, 'node_modules/.bin/tsc');

/** A program that uses the installed package. */
const PROGRAM = `
import {
  ApiError, type CallOptions, type ErrorCode, type ProblemCode, rawJson, Tally, type Token, type TokenStore,
  type UploadedImage,
} from 'tally-client';

const [baseUrl = ''] = (globalThis as unknown as { process: { argv: string[] } }).process.argv.slice(2);
const tally = new Tally({ baseUrl, retries: 1 });
const options: CallOptions = { timeout: 10_000, signal: AbortSignal.timeout(20_000) };
const token: Token = await tally.authenticate('ada', 'secret', options);
const chunks = (texts: string[], isAll: boolean) => new ReadableStream<Uint8Array>({
  start(controller) {
    for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
    if (isAll) controller.close();
  },
});
const digests: string[] = [
  await tally.sum([1, 2, { three: 3, four: 4n }]),
  await tally.sum(rawJson('[1e1]')),
  await tally.sum(new Blob(['10']), options),
  await tally.sum(new TextEncoder().encode('[1.0e1]')),
  await tally.sum(chunks(['[1,2', ',3,4]'], true)),
];
const { status }: { status: 'ok' } = await tally.with(options).health.checkReadiness();
const stranger = new Tally({ baseUrl });
const codes: ErrorCode[] = [];
for (const document of [chunks(['['], false), [1]]) {
  const failure: unknown = await stranger.sum(document).catch((error: unknown) => error);
  if (failure instanceof ApiError) codes.push(failure.code);
}
// A source that never waits must not keep the runtime from reading the answer.
const endless = new ReadableStream<Uint8Array>({
  pull: (controller) => controller.enqueue(new TextEncoder().encode('[1}'.repeat(3000))),
});
const refusal: unknown = await tally.sum(endless).catch((error: unknown) => error);
if (refusal instanceof ApiError) codes.push(refusal.code);
console.log(JSON.stringify({ type: token.token_type, digests, status, codes }));

// @ts-expect-error A user name is text.
() => tally.authenticate(1, 'secret');
// @ts-expect-error There is no JSON for it.
() => tally.sum(undefined);
const known: ProblemCode = 'token_expired';
const unknown: ErrorCode = 'of_a_newer_server';
// @ts-expect-error No server says that.
const wrong: ProblemCode = 'tokn_expired';
const uploads = (file: File): Promise<UploadedImage>[] => [
  tally.images.upload(file, { expiring_time_seconds: 300, onProgress: ({ loaded, total = 0 }) => loaded / total }),
  tally.images.upload('picture.jpg', options),
  // @ts-expect-error A number is no file.
  tally.images.upload(7),
];
const downloads: () => [Promise<Blob>, Promise<ReadableStream<Uint8Array>>] = () => [
  tally.images.download('id', '200px'),
  tally.images.stream('id', '200px'),
];
() => [uploads, downloads];
const tokenStore: TokenStore = { load: () => undefined, save: async () => undefined, clear: () => undefined };
() => [known, unknown, wrong, new Tally({ baseUrl, tokenStore }).login({ email: 'a@b.example', password: 'p' })];
// @ts-expect-error Somebody signs in.
() => tally.login({ password: 'secret' });
// @ts-expect-error The address is needed.
() => new Tally({});
`;

/** A program that adds up what it has itself. */
const LOCAL_PROGRAM = `
import { DocumentFault, type LocalSumOptions, sum, type SumDetails } from 'tally-client/local';

const bytes = new TextEncoder().encode('[1,2]');
const options = { format: 'json', key: bytes, limits: { maxPaths: 10 }, onProgress: (n: number) => n } satisfies LocalSumOptions;
const local: (() => Promise<SumDetails>)[] = [
  () => sum('[1]', options), () => sum(bytes.buffer), () => sum(new DataView(bytes.buffer)), () => sum([bytes]),
  () => sum(new Blob([bytes]).stream()), () => sum((async function* () { yield bytes; })(), {}),
];
const { sum: text, paths: [total] } = await sum('{"price":1.50}', { include: ['sum', 'paths'] });
const { path, count, sha256 = '' } = total!;
const { count: all }: { count: number } = await sum(bytes, { include: ['count'] });
const fault: unknown = await sum('[1,]').catch((error: unknown) => error);
const found: [string, number] = fault instanceof DocumentFault ? [fault.code, fault.offset] : ['', 0];
console.log(JSON.stringify([local.length, text.length, path, count, sha256.length, all, found]));

// @ts-expect-error A document is text or bytes, not a value.
() => sum({ price: 1.5 });
// @ts-expect-error There is no such detail.
() => sum('1', { include: ['total'] });
// @ts-expect-error It was not asked for.
async () => (await sum('1', { include: ['sum'] })).count.toFixed();
`;

const PAGE = `<title>A page</title>
<script type="module">import * as client from '/dist/index.js'; globalThis.client = client;</script>`;

const COMMON = { target: 'es2022', strict: true, skipLibCheck: false, types: [] as string[] };
const WEB = { ...COMMON, lib: ['es2022', 'dom'] };
const NODE = { ...COMMON, lib: ['es2022'], types: ['node'], skipLibCheck: true };
const typeRoots = [join(root, 'node_modules/@types')];

let project: string;
let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
  project = installed.folder;
  await writeFile(join(project, 'program.ts'), PROGRAM);
  await writeFile(join(project, 'local.ts'), LOCAL_PROGRAM);
});
afterAll(() => installed.remove());

describe('the package', () => {
  it.each([
    ['nodenext with the types of the web', { ...WEB, module: 'nodenext' }],
    ['nodenext with the types of Node', { ...NODE, typeRoots, module: 'nodenext' }],
    ['a bundler', { ...WEB, module: 'esnext', moduleResolution: 'bundler', noEmit: true }],
  ])('has types for %s', async (_, compilerOptions) => {
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['program.ts', 'local.ts'] }),
    );
    await expect(run(TSC, ['-p', project])).resolves.toMatchObject({ stdout: '' });
  });

  it('holds what runs, its types, and nothing else', async () => {
    const { stdout } = await run('tar', ['-tzf', installed.tarball], { cwd: project });
    const files = stdout.trim().split('\n');
    expect(files).toEqual(
      expect.arrayContaining([
        'package/LICENSE',
        'package/README.md',
        'package/dist/index.js',
        'package/dist/index.d.ts',
        'package/dist/local.js',
        'package/dist/local.d.ts',
        'package/dist/local/local-worker.js',
      ]),
    );
    const others = files.filter((file) => !/^package\/dist\/.*\.(js|d\.ts)$/.test(file));
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
  });

  it('runs in a browser, on a page of another origin', async () => {
    const page = await faultServer(async (request, response) => {
      const isScript = request.url!.endsWith('.js');
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      const folder = join(project, 'node_modules/tally-client');
      response.end(isScript ? await readFile(join(folder, request.url!)) : PAGE);
    });
    const server = await serverForTest({ CORS_ORIGINS: page.url });
    const { token } = await userWith(server, { tier: 'premium' });
    const picture = fixture('baseline.jpg').toString('base64');
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const tab = await browser.newPage();
    await tab.goto(page.url);
    expect(await tab.evaluate(programOfPage, server.url)).toEqual({
      digests: Array(3).fill(hash('sha256', '10')),
      failure: ['ApiError', 400, 'malformed_json', expect.any(String)],
      refusal: 'ConnectionError',
      // Browsers do not tell a page which of the two it is.
      closed: `http://localhost:1 sent no complete answer, or does not allow pages of ${page.url} (CORS_ORIGINS).`,
    });
    expect(await tab.evaluate(uploadOfPage, { baseUrl: server.url, token, picture })).toEqual({
      sizes: ['200px', '400px', 'original'],
      isWhole: true,
      isStreamed: true,
      areListed: true,
      isHeard: true,
      fetched: ['POST /images'],
      // HTTP/1.1 has no streams from a browser.
      failures: ['unsupported_image', 'enough', 'AbortError', 'ConnectionError', 'ConnectionError'],
    });
  }, 60_000);

  it('follows no redirect in a browser, and believes no answer from elsewhere', async () => {
    const received: string[] = [];
    const allow = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    const other = await faultServer(async (request, response) => {
      const body = await bodyOf(request);
      if (request.method === 'POST') received.push(body);
      response.writeHead(200, { 'content-type': 'application/json', ...allow });
      response.end('{"sha256":"evil","id":"evil","access_token":"evil"}');
    });
    const page = await faultServer(async (request, response) => {
      const isScript = request.url!.endsWith('.js');
      const folder = join(project, 'node_modules/tally-client');
      request.resume();
      if (request.method === 'POST') {
        return response.writeHead(307, { location: other.url }).end();
      }
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? await readFile(join(folder, request.url!)) : PAGE);
    });
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const tab = await browser.newPage();
    await tab.goto(page.url);
    expect(await tab.evaluate(redirectedInPage, page.url)).toEqual([
      [0, 'redirected'],
      [0, 'redirected'],
      [307, 'redirected'],
    ]);
    // Nothing keeps an XMLHttpRequest from following, which only an upload with a listener uses.
    expect(received).toEqual([expect.stringContaining('picture')]);
  }, 60_000);

  it('runs on every Node of this machine that it says it runs on', async () => {
    const server = await serverForTest();
    const tested: string[] = [];
    for (const { path: node, version } of await findNodes()) {
      if (Number.parseInt(version.slice(1), 10) < 20) continue;
      const { stdout } = await run(node, [join(project, 'program.js'), server.url]);
      expect(JSON.parse(stdout), version).toEqual({
        type: 'Bearer',
        digests: Array(5).fill(hash('sha256', '10')),
        status: 'ok',
        codes: ['missing_token', 'missing_token', 'malformed_json'],
      });
      const local = await run(node, [join(project, 'local.js')]);
      const printed = [6, 3, '$.price', 1, 64, 2, ['malformed_json', 3]];
      expect(JSON.parse(local.stdout), version).toEqual(printed);
      tested.push(version);
    }
    expect(tested).toContain(process.version);
  });
});

/** Runs in the browser, and sees nothing of this file. */
async function programOfPage(baseUrl: string) {
  type Client = typeof import('../../generated-client/src/index.ts');
  const { rawJson, Tally } = (globalThis as unknown as { client: Client }).client;
  const tally = new Tally({ baseUrl });
  await tally.authenticate('ada', 'secret');
  const digests = [
    await tally.sum([1, 2, 3, 4n]),
    await tally.sum(new File(['[10]'], 'ten.json')),
    await tally.sum(new TextEncoder().encode('1e1')),
  ];
  const failure = await tally.sum(rawJson('[1,]')).catch((error) => error);
  const { name, status, code } = failure;
  // HTTP/1.1 has no streams from a browser.
  const stream = new Blob(['[1]']).stream() as ReadableStream<Uint8Array>;
  const refusal = await tally.sum(stream).catch((error) => error.name);
  const lost = new Tally({ baseUrl: 'http://localhost:1', retries: 0 });
  const closed = await lost.health.checkLiveness().catch((error) => error.message);
  const requestId = failure.headers.get('x-request-id');
  return { digests, failure: [name, status, code, requestId], refusal, closed };
}

/** Runs in the browser, and sees nothing of this file. */
async function redirectedInPage(baseUrl: string) {
  type Client = typeof import('../../generated-client/src/index.ts');
  const { Tally } = (globalThis as unknown as { client: Client }).client;
  const tally = new Tally({ baseUrl, token: 'acc3ss' });
  const onProgress = () => undefined;
  const attempts = [
    tally.login({ username: 'ada', password: 'pa55word' }),
    tally.sum(['d0cument']),
    tally.images.upload(new Blob(['picture']), { onProgress }),
  ].map((call) => call.catch(({ status, code }) => [status, code]));
  return Promise.all(attempts);
}

/** Runs in the browser, and sees nothing of this file. */
async function uploadOfPage(given: { baseUrl: string; token: string; picture: string }) {
  type Client = typeof import('../../generated-client/src/index.ts');
  type Progress = import('../../generated-client/src/index.ts').UploadProgress;
  const { Tally } = (globalThis as unknown as { client: Client }).client;
  const { images } = new Tally(given);
  const picture = Uint8Array.from(atob(given.picture), (digit) => digit.charCodeAt(0));
  const file = new File([picture], 'picture.jpg');
  const heard: Progress[] = [];
  const uploaded = await images.upload(file, { onProgress: (progress) => heard.push(progress) });
  const original = await images.download(uploaded.id, 'original');
  const { loaded, total } = heard.at(-1)!;
  // Without a listener, it is a form that fetch sends.
  const silent = await images.upload(file);
  const streamed = await images.stream(silent.id, 'original');
  const isStreamed =
    (await new Response(streamed as ReadableStream<Uint8Array<ArrayBuffer>>).blob()).size ===
    file.size;
  const listed: string[] = [];
  for await (const { id } of images.list({ limit: 1 })) listed.push(id);
  const areListed = listed.includes(silent.id) && listed.includes(uploaded.id);
  const onProgress = () => undefined;
  const enough = () => {
    throw new Error('enough');
  };
  const controller = new AbortController();
  const abort = () => controller.abort();
  const elsewhere = new Tally({ baseUrl: 'http://localhost:1' }).images;
  const fetched: string[] = [];
  const own = new Tally({
    ...given,
    fetch: (input, init) => {
      fetched.push(`${init!.method} ${new URL(String(input)).pathname}`);
      return fetch(input, init);
    },
  });
  await own.images.upload(file, { onProgress });
  const attempts = [
    images.upload(new Blob(['<svg/>']), { onProgress }).catch((error) => error.code),
    images.upload(file, { onProgress: enough }).catch((error) => error.message),
    images
      .upload(file, { onProgress: abort, signal: controller.signal })
      .catch((error) => error.name),
    elsewhere.upload(file, { onProgress }).catch((error) => error.name),
    images.upload(file.stream(), { onProgress }).catch((error) => error.name),
  ];
  return {
    fetched,
    sizes: uploaded.images.map(({ size }) => size),
    isWhole: original.size === file.size,
    isStreamed,
    areListed,
    isHeard: loaded === total && loaded > file.size,
    failures: await Promise.all(attempts),
  };
}
