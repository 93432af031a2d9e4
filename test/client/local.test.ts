import { createHmac, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DocumentFault, type LocalSumOptions, sum } from '../../generated-client/src/local.ts';
import { failureOf } from './fault-server.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const answerOf = (text: string) => ({ sha256: hash('sha256', text) });
const streamOf = (...pieces: string[]) => ReadableStream.from(pieces.map(bytes));
/** Everything that a JavaScript program may pass. */
const untyped = sum as (source: unknown, options?: unknown) => Promise<unknown>;

describe('the options of a local sum', () => {
  const key = Buffer.alloc(16, 255);
  it('may give the key as bytes or as base64url', async () => {
    const answer = { hmac_sha256: createHmac('sha256', key).update('3').digest('hex') };
    expect(await sum('[1,2]', { key })).toEqual(answer);
    expect(await sum('[1,2]', { key: key.toString('base64url') })).toEqual(answer);
  });

  it('do not see later changes of the key', async () => {
    const changed = Buffer.from(key);
    const answer = sum(streamOf('[1', ',2]'), { key: changed });
    changed.fill(0);
    expect(await answer).toEqual(await sum('[1,2]', { key }));
  });

  it.each<[unknown, ErrorConstructor, string]>([
    ['sum', TypeError, 'must be an object'],
    [{ includes: [] }, TypeError, 'There is no option "includes"; use include, collapse,'],
    [{ include: 'sum' }, TypeError, 'include must be an array'],
    [
      { include: ['total'] },
      TypeError,
      'There is no detail in include "total"; use sum, count, paths.',
    ],
    [{ format: 'jsonl' }, TypeError, 'There is no format "jsonl"; use json, lines, sequence.'],
    [{ collapse: ['$'] }, TypeError, 'collapse needs include: ["paths"]'],
    [{ include: ['paths'], collapse: '$' }, TypeError, 'collapse must be an array of strings.'],
    [{ include: ['paths'], collapse: ['$.a[0]'] }, TypeError, 'collapse: "$.a[0]" is not a path'],
    [{ key: 'c2VjcmV0' }, RangeError, 'key must have 16 to 64 bytes; it has 6.'],
    [{ key: new Uint8Array(65) }, RangeError, 'key must have 16 to 64 bytes; it has 65.'],
    [{ key: `${'A'.repeat(22)}==` }, TypeError, 'base64url without padding'],
    [{ key: `${'A'.repeat(22)}+/` }, TypeError, 'base64url without padding'],
    [{ key: 'A'.repeat(25) }, TypeError, 'base64url without padding'],
    [{ key: `${'A'.repeat(21)}B` }, TypeError, 'base64url without padding'],
    [{ include: ['sum', 'sum'] }, TypeError, 'each detail at most once'],
    [{ key: [1, 2] }, TypeError, 'key must be a Uint8Array'],
    [{ limits: { maxDept: 1 } }, TypeError, 'There is no limit "maxDept"; use maxDepth,'],
    [{ limits: { maxDepth: 0 } }, RangeError, 'limits.maxDepth must be a whole number from 1'],
    [{ limits: { maxPaths: Number.POSITIVE_INFINITY } }, RangeError, 'limits.maxPaths must be'],
    [{ limits: { maxBytes: Number.NaN } }, RangeError, 'limits.maxBytes must be'],
    [{ signal: {} }, TypeError, 'signal must be an AbortSignal.'],
    [{ onProgress: true }, TypeError, 'onProgress must be a function.'],
  ])('are refused if they are wrong: %j', async (options, kind, message) => {
    const failure = await failureOf(untyped('[1]', options));
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toContain(message);
    const given = (options as LocalSumOptions).key;
    if (typeof given === 'string') expect((failure as Error).message).not.toContain(given);
  });

  it('may be undefined', async () => {
    const nothing = { include: undefined, collapse: undefined, key: undefined, format: undefined };
    const none = { ...nothing, limits: { maxDepth: undefined }, signal: undefined };
    expect(await untyped('[1]', { ...none, onProgress: undefined })).toEqual(answerOf('1'));
  });
});

describe('a local sum that fails', () => {
  it('names the code, the byte and the line', async () => {
    const failure = await failureOf(sum('1\n[2,]\n', { format: 'lines' }));
    expect(failure).toBeInstanceOf(DocumentFault);
    expect(failure).toMatchObject({
      name: 'DocumentFault',
      code: 'malformed_json',
      offset: 5,
      line: 2,
      message: expect.stringMatching(/^line 2, byte 5: unexpected byte 0x5D /),
    });
  });

  it.each([
    ['json', '[1,]', 'byte 3: '],
    ['sequence', '\u001e1\n\u001e[}\n', 'record 2, byte 5: '],
  ] as const)('shows the place also where nobody catches it: %s', async (format, text, place) => {
    const { stack } = (await failureOf(sum(text, { format }))) as Error;
    expect(stack).toMatch(`DocumentFault: ${place}unexpected`);
    expect(stack).toContain('local.test.ts');
  });

  it('ends its source', async () => {
    const ended: unknown[] = [];
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(bytes('[}')),
      cancel: (reason) => void ended.push(reason),
    });
    const failure = await failureOf(sum(stream));
    expect(ended).toEqual([failure]);
    async function* forever() {
      try {
        for (;;) yield bytes('[}');
      } finally {
        ended.push('returned');
      }
    }
    await failureOf(sum(forever()));
    await expect.poll(() => ended.at(-1)).toBe('returned');
    const file = createReadStream(import.meta.filename);
    await failureOf(sum(file));
    await expect.poll(() => file.destroyed).toBe(true);
  });

  it('throws what its source throws', async () => {
    const error = new Error('the disk is gone');
    const failing = async function* () {
      yield bytes('[1,');
      throw error;
    };
    expect(await failureOf(sum(failing()))).toBe(error);
    expect(await failureOf(sum(ReadableStream.from(failing())))).toBe(error);
  });

  it('throws what its listener throws, and ends its source', async () => {
    const error = new Error('enough');
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue(bytes(' ')) });
    const onProgress = () => {
      throw error;
    };
    expect(await failureOf(sum(stream, { onProgress }))).toBe(error);
  });
});

describe('a local sum that is given up', () => {
  const heavy = bytes(`[1e9999,-1e-9999,${'['.repeat(5000)}`);
  const giveUp = async () => {
    const reason = new Error('no more');
    const failing = async function* () {
      yield heavy;
      throw reason;
    };
    expect(await failureOf(sum(failing()))).toBe(reason);
  };

  it('gives its memory back', async () => {
    for (let i = 0; i < 1000; i++) await giveUp();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 10_000; i++) await giveUp();
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 2 ** 20);
  });
});

describe('a local sum with a signal', () => {
  const reason = new Error('no more');

  it('does not begin once that is aborted', async () => {
    let isCancelled = false;
    const stream = new ReadableStream({
      cancel: () => {
        isCancelled = true;
      },
    });
    expect(await failureOf(sum(stream, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(isCancelled).toBe(true);
  });

  it('ends while its source is silent', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(reason), 20);
    expect(await failureOf(sum(new ReadableStream(), { signal }))).toBe(reason);
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const later = AbortSignal.timeout(20);
    expect(await failureOf(sum(silent, { signal: later }))).toBe(later.reason);
  });

  it.each(['bytes', 'text'])('ends promptly within large %s', async (kind) => {
    const document = `[${'1,'.repeat(50_000_000)}1]`;
    const source = kind === 'text' ? document : bytes(document);
    const controller = new AbortController();
    let abortedAt = 0;
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort(reason);
    }, 30);
    expect(await failureOf(sum(source, { signal: controller.signal }))).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(100);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof addEventListener>) =>
        listeners++ >= 0 && addEventListener.apply(signal, given),
      removeEventListener: (...given: Parameters<typeof removeEventListener>) =>
        listeners-- >= 0 && removeEventListener.apply(signal, given),
    });
    await sum(streamOf('[1,', '2,', '3]'), { signal });
    expect(listeners).toBe(0);
  });
});

describe('a long local sum', () => {
  /** Measures the longest time for which nothing else could run, in milliseconds. */
  async function longestTurnOf(work: () => Promise<unknown>) {
    let last = performance.now();
    let longestTurn = 0;
    const timer = setInterval(() => {
      longestTurn = Math.max(longestTurn, performance.now() - last);
      last = performance.now();
    }, 1);
    onTestFinished(() => clearInterval(timer));
    const started = performance.now();
    await work();
    const ended = performance.now();
    return { longestTurn: Math.max(longestTurn, ended - last), elapsed: ended - started };
  }

  it.each(['one piece', 'pieces that never wait'])('leaves time for others: %s', async (kind) => {
    const piece = new Uint8Array(Buffer.alloc(200_000_000, '1\n'));
    function* pieces() {
      for (let from = 0; from < piece.length; from += 65_536)
        yield piece.subarray(from, from + 65_536);
    }
    const source = kind === 'one piece' ? piece : pieces();
    const { longestTurn, elapsed } = await longestTurnOf(() => sum(source, { format: 'lines' }));
    expect(longestTurn).toBeLessThan(elapsed / 2);
  });

  it('leaves time for others while it makes many digests', async () => {
    const members = Array.from({ length: 50_000 }, (_, index) => [`key ${index}`, index]);
    const document = JSON.stringify(Object.fromEntries(members));
    const options = { include: ['paths'], limits: { maxPaths: 50_000 } } as const;
    const key = Buffer.alloc(32);
    await sum(document, options);
    const { longestTurn, elapsed } = await longestTurnOf(() => sum(document, { ...options, key }));
    expect(longestTurn).toBeLessThan(elapsed / 2);
  });
});
