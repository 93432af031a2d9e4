import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ApiError,
  ConnectionError,
  type ImageFile,
  Tally,
  TimeoutError,
  type UploadProgress,
} from '../../generated-client/src/index.ts';
import { serverOn } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { fixture, sizesIn, type TestUser, userWith } from '../helpers/images.ts';
import { failureOf, faultServer } from './fault-server.ts';

const jpeg = new Uint8Array(fixture('baseline.jpg'));
const types = { 'content-type': 'image/png' };
const image = ['an-id', '200px'] as const;

const streamOf = (...chunks: Uint8Array[]) => ReadableStream.from(chunks);

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}

const server = serverOn(sqlite);
let folder: string;
let path: string;
let enterprise: TestUser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-pictures-'));
  path = join(folder, 'a picture.jpg');
  await writeFile(path, jpeg);
  enterprise = await userWith(server.current, { tier: 'enterprise' });
});
afterAll(() => rm(folder, { recursive: true }));
const connect = ({ token } = enterprise) => new Tally({ baseUrl: server.current.url, token });

describe('an upload', () => {
  it.each<[string, () => ImageFile]>([
    ['a Blob', () => new Blob([jpeg])],
    ['a File', () => new File([jpeg], 'a "picture"\r\n.jpg', { type: 'text/plain' })],
    ['bytes', () => jpeg],
    ['a Buffer amid others', () => Buffer.concat([Buffer.from('x'), jpeg]).subarray(1)],
    ['an ArrayBuffer', () => jpeg.buffer],
    ['a stream', () => streamOf(jpeg.subarray(0, 1), jpeg.subarray(1))],
    ['a path', () => path],
    ['a file URL', () => pathToFileURL(path)],
  ])('takes %s, and hears of its progress', async (_, file) => {
    const { images } = connect();
    for (const isHeard of [false, true]) {
      const heard: UploadProgress[] = [];
      const onProgress = (progress: UploadProgress) => heard.push(progress);
      const uploaded = await images.upload(file(), isHeard ? { onProgress } : {});
      expect(sizesIn(uploaded)).toEqual(['200px', '400px', 'original']);
      const original = await images.download(uploaded.id, 'original');
      expect(original.type).toBe('image/jpeg');
      expect(new Uint8Array(await original.arrayBuffer())).toEqual(jpeg);
      if (!isHeard) continue;
      const loaded = heard.map((progress) => progress.loaded);
      expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
      expect(loaded.at(-1)).toBeGreaterThan(jpeg.length);
      const total = file() instanceof ReadableStream ? undefined : loaded.at(-1);
      expect(new Set(heard.map((progress) => progress.total))).toEqual(new Set([total]));
    }
  });

  it('makes a link that anyone can follow', async () => {
    const { link } = await connect().images.upload(jpeg, { expiring_time_seconds: 300 });
    const stranger = new Tally({ baseUrl: server.current.url });
    const token = new URL(link!.url).pathname.split('/').at(-1)!;
    const blob = await stranger.images.followLink(token);
    const streamed = await bytesOf(await stranger.images.streamLink(token));
    expect(streamed).toEqual(new Uint8Array(await blob.arrayBuffer()));
    expect(streamed).toEqual(new Uint8Array(await (await fetch(link!.url)).arrayBuffer()));
  });

  it.each<[string, () => ImageFile, string]>([
    ['that is no picture', () => new TextEncoder().encode('<svg/>'), 'unsupported_image'],
    ['of a picture that is cut short', () => jpeg.subarray(0, 999), 'image_corrupt'],
    ['of a stream that is too large', () => endless(), 'image_too_large'],
  ])('%s fails with what the server says', async (_, file, code) => {
    for (const onProgress of [undefined, () => undefined]) {
      const failure = await failureOf(connect().images.upload(file(), { onProgress }));
      expect(failure).toBeInstanceOf(ApiError);
      expect(failure).toMatchObject({ code });
    }
  });

  it('for which the tier or the time is wrong fails with what the server says', async () => {
    const basic = connect(await userWith(server.current));
    const upload = (tally: Tally, expiring_time_seconds: number) =>
      failureOf(tally.images.upload(jpeg, { expiring_time_seconds }));
    expect(await upload(basic, 300)).toMatchObject({ code: 'links_not_included' });
    expect(await upload(connect(), 299)).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/expiring_time_seconds' }],
    });
  });

  it.each<[string, () => unknown, object]>([
    ['a path where nothing is', () => join(folder, 'none.jpg'), { code: 'ENOENT' }],
    ['the path of a folder', () => folder, { name: 'TypeError' }],
    ['a number', () => 7, { name: 'TypeError' }],
    ['nothing', () => undefined, { name: 'TypeError' }],
  ])('of %s sends nothing', async (_, file, error) => {
    const { url, requests } = await faultServer((_request, response) => void response.end());
    const upload = new Tally({ baseUrl: url }).images.upload(file() as ImageFile);
    expect(await failureOf(upload)).toMatchObject(error);
    expect(requests()).toBe(0);
  });

  it('is sent again, whole, where the server is busy, but a stream is not', async () => {
    const bodies: string[] = [];
    const { url } = await faultServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('latin1')) body += chunk;
      bodies.push(body);
      const code = 'image_queue_full';
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '0' });
      response.end(JSON.stringify({ code, status: 503, title: 'Busy', detail: 'Wait.' }));
    });
    const { images } = new Tally({ baseUrl: url, retries: 1 });
    for (const onProgress of [undefined, () => undefined]) {
      expect(await failureOf(images.upload(jpeg, { onProgress }))).toMatchObject({ status: 503 });
      const [first, second] = bodies.splice(0);
      expect(first).toContain(Buffer.from(jpeg).toString('latin1'));
      // The runtime chooses a boundary for each attempt.
      const [ours, others] = [first!, second!].map((body) =>
        body.replaceAll(/-{6}formdata-.*/g, ''),
      );
      expect(others).toBe(ours);
    }
    await failureOf(images.upload(streamOf(jpeg)));
    expect(bodies).toHaveLength(1);
  });

  it('fails with what its listener throws, and ends when it is aborted', async () => {
    const { url } = await faultServer((request) => void request.resume().on('error', () => {}));
    const { images } = new Tally({ baseUrl: url });
    const reason = new Error('enough');
    const onProgress = () => {
      throw reason;
    };
    expect(await failureOf(images.upload(jpeg, { onProgress }))).toBe(reason);
    expect(await failureOf(images.upload(streamOf(jpeg), { onProgress }))).toBe(reason);
    const signal = AbortSignal.timeout(100);
    expect(await failureOf(images.upload(jpeg, { signal }))).toBe(signal.reason);
    expect(await failureOf(images.upload(jpeg, { timeout: 100 }))).toBeInstanceOf(TimeoutError);
  });
});

describe('a download', () => {
  it('is a Blob or a stream', async () => {
    const { images } = connect();
    const { id } = await images.upload(jpeg);
    const size = '200px';
    const blob = await images.download(id, size);
    const stream = await images.stream(id, size);
    expect(await bytesOf(stream)).toEqual(new Uint8Array(await blob.arrayBuffer()));
    const range = await connect()
      .with({ headers: { range: 'bytes=0-1' } })
      .images.download(id, size);
    expect(range.size).toBe(2);
    const again = connect().with({ headers: { 'if-none-match': '*' } });
    const known = await failureOf(again.images.download(id, size));
    expect(known).toMatchObject({ status: 304, code: 'not_modified' });
    for (const get of ['download', 'stream'] as const) {
      const failure = await failureOf(images[get](id, '300px'));
      expect(failure).toMatchObject({ name: 'ApiError', code: 'size_not_found' });
    }
  });

  it('that is no picture is not taken for one', async () => {
    const { url } = await faultServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in to the network');
    });
    const { images } = new Tally({ baseUrl: url });
    for (const get of ['download', 'stream'] as const) {
      const failure = await failureOf(images[get](...image));
      expect(failure).toMatchObject({ code: 'unexpected_answer' });
    }
  });

  it('that breaks off fails', async () => {
    const { url } = await faultServer((_request, response) => {
      response.writeHead(200, { ...types, 'content-length': 10 }).write('12345');
      setTimeout(() => response.destroy(), 50);
    });
    const { images } = new Tally({ baseUrl: url });
    expect(await failureOf(images.download(...image))).toBeInstanceOf(ConnectionError);
    const reader = (await images.stream(...image)).getReader();
    expect((await reader.read()).value).toHaveLength(5);
    expect(await failureOf(reader.read())).toBeInstanceOf(ConnectionError);
  });

  it('may take longer than the time-out while it moves, and while nobody reads', async () => {
    const { url } = await faultServer(async (_request, response) => {
      response.writeHead(200, types);
      for (let count = 0; count < 5; count++) {
        response.write('x');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      response.end();
    });
    const { images } = new Tally({ baseUrl: url, timeout: 600 });
    expect((await images.download(...image)).size).toBe(5);
    const stream = await images.stream(...image);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await bytesOf(stream)).toHaveLength(5);
  });

  it('that stands still ends at the time-out, or at the signal', async () => {
    const { url } = await faultServer((_request, response) => {
      response.writeHead(200, types).write('x');
    });
    const { images } = new Tally({ baseUrl: url, timeout: 100 });
    expect(await failureOf(images.download(...image))).toBeInstanceOf(TimeoutError);
    expect(await failureOf(bytesOf(await images.stream(...image)))).toBeInstanceOf(TimeoutError);
    const controller = new AbortController();
    const { signal } = controller;
    const stream = await images.stream(...image, { signal, timeout: 10_000 });
    setTimeout(() => controller.abort(), 50);
    expect(await failureOf(bytesOf(stream))).toBe(signal.reason);
  });

  it('that is cancelled leaves no connection behind', async () => {
    let isOpen = true;
    const { url } = await faultServer((request, response) => {
      request.socket.once('close', () => {
        isOpen = false;
      });
      response.writeHead(200, types).write('x');
    });
    const stream = await new Tally({ baseUrl: url }).images.stream(...image);
    expect(isOpen).toBe(true);
    await stream.cancel();
    await expect.poll(() => isOpen).toBe(false);
  });
});

/** Zeroes behind the first bytes of a PNG. */
function endless(): ReadableStream<Uint8Array> {
  const zeroes = new Uint8Array(65_536);
  return new ReadableStream({
    start: (controller) =>
      controller.enqueue(new Uint8Array(fixture('palette.png').subarray(0, 100))),
    pull: (controller) => controller.enqueue(zeroes),
  });
}
