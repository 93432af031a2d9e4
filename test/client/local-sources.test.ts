import { hash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LocalSource, sum } from '../../generated-client/src/local.ts';
import { failureOf } from './fault-server.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const answerOf = (text: string) => ({ sha256: hash('sha256', text) });
const streamOf = (...pieces: string[]) => ReadableStream.from(pieces.map(bytes));
/** Everything that a JavaScript program may pass. */
const untyped = sum as (source: unknown, options?: unknown) => Promise<unknown>;

describe('the sources of a local sum', () => {
  const ten = bytes('[1,2,3,4]');
  const shared = new Uint8Array(new SharedArrayBuffer(ten.length));
  shared.set(ten);
  const within = bytes('99[1,2,3,4]99');
  it.each<[string, () => LocalSource]>([
    ['JSON text', () => '[1,2,3,4]'],
    ['a Uint8Array', () => ten],
    ['a Buffer', () => Buffer.from(ten)],
    ['a part of a buffer', () => within.subarray(2, -2)],
    ['a DataView', () => new DataView(within.buffer, 2, ten.length)],
    ['another typed array', () => new Uint16Array(bytes('[1,2,3,4] ').buffer)],
    ['an ArrayBuffer', () => ten.buffer],
    ['a SharedArrayBuffer', () => shared.buffer],
    ['a view of shared memory', () => shared],
    ['a Blob', () => new Blob(['[1,', '2,3,4]'])],
    ['a File', () => new File(['[1,2,3,4]'], 'ten.json')],
    ['a ReadableStream', () => streamOf('[1,2', '', ',3,4]')],
    ['an array of bytes', () => [bytes('[1,2'), bytes(',3,4]')]],
    [
      'a generator',
      () =>
        (function* () {
          yield ten;
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* () {
          yield ten;
        })(),
    ],
  ])('may be %s', async (_, source) => {
    expect(await sum(source())).toEqual(answerOf('10'));
  });

  it('may be a file, as a stream of Node or as a Blob', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-local-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'numbers.jsonl');
    await writeFile(path, '1.5\n'.repeat(100_000));
    const heard: number[] = [];
    const options = { format: 'lines', onProgress: (n: number) => heard.push(n) } as const;
    expect(await sum(createReadStream(path), options)).toEqual(answerOf('150000'));
    expect(heard.at(-1)).toBe(400_000);
    expect(await sum(await openAsBlob(path), options)).toEqual(answerOf('150000'));
  });

  it('fail if a blob has fewer bytes than it says', async () => {
    const blob = new Blob(['1\n2\n']);
    Object.defineProperty(blob, 'stream', { value: () => streamOf('1\n') });
    await expect(sum(blob, { format: 'lines' })).rejects.toThrow(
      'read 2 bytes of a blob that has 4',
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'It got undefined.'],
    [null, 'It got null.'],
    [10, 'It got a value of type Number.'],
    [{ a: 1 }, 'It got a value of type Object.'],
    [new Response('1'), 'It got a value of type Response.'],
    [
      [1, 2],
      'not a Uint8Array but a value of type Number. To sum a JavaScript value, pass its JSON text.',
    ],
    [ReadableStream.from(['1']), 'not a Uint8Array but a value of type String'],
  ])('are not %s', async (source, message) => {
    const failure = await failureOf(untyped(source));
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as Error).message).toContain(message);
  });

  it('are no locked stream', async () => {
    const stream = streamOf('1');
    stream.getReader();
    await expect(sum(stream)).rejects.toThrow(
      new TypeError('The stream is locked: something else reads it already.'),
    );
  });

  it('are no detached buffer, which would pass for an empty file', async () => {
    const moved = bytes('1\n2\n');
    structuredClone(moved, { transfer: [moved.buffer] });
    await expect(sum(moved, { format: 'lines' })).rejects.toThrow(TypeError);
  });

  it('must stay in place while they are read', async () => {
    const moved = bytes('1\n'.repeat(20_000_000));
    const onProgress = () =>
      moved.length > 0 && structuredClone(moved, { transfer: [moved.buffer] });
    const failure = await failureOf(untyped(moved, { format: 'lines', onProgress }));
    expect(failure).toEqual(
      new TypeError('The bytes were transferred or resized while they were read.'),
    );
  });

  // Text is encoded in pieces of 2^18 code units.
  const lengths = Array.from({ length: 8 }, (_, index) => 2 ** 18 - 7 + index);

  it.each(lengths)('may be text with any characters behind %i others', async (length) => {
    const text = `${' '.repeat(length)}{"\u{1f600}€é":0.5,"x":${'1'.repeat(9000)}}`;
    const include = ['sum', 'paths'] as const;
    expect(await sum(text, { include })).toEqual(await sum(bytes(text), { include }));
  });

  it.each([0, ...lengths])(
    'may not be text with half of a character behind %i others',
    async (length) => {
      for (const half of ['\ud83d', '\ude00']) {
        const failure = await failureOf(sum(`${' '.repeat(length)}["a${half}"]`));
        expect(failure).toMatchObject({ code: 'malformed_json', offset: length + 4 });
      }
    },
  );
});
