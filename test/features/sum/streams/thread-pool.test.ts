import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PLAIN_REQUEST, type SumRequest } from '../../../../src/features/sum/answer.ts';
import { DocumentFault } from '../../../../src/features/sum/engine/index.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import type { SumStream } from '../../../../src/features/sum/streams/sum-stream.ts';
import { createThreadPool } from '../../../../src/features/sum/streams/thread-pool.ts';

const MIB = 1024 ** 2;
const request: SumRequest = { ...PLAIN_REQUEST, include: ['sum'] };
const pool = createThreadPool(DEFAULT_LIMITS, 2);
afterAll(() => pool.close());

async function sumOf(summation: SumStream): Promise<string> {
  await once(summation, 'finish');
  return JSON.parse(String(summation.answer)).sum;
}

/** Numbers, and nothing before or behind them. */
const chunkOf = (bytes: number) => Buffer.from('1,'.repeat(bytes / 2));

describe('a document in a thread', () => {
  it('has the sum of its pieces, however many documents there are', async () => {
    const documents = Array.from({ length: 20 }, (_, index) => {
      const summation = pool.open(request);
      const finished = sumOf(summation);
      return { index, summation, finished };
    });
    for (let round = 0; round < 10; round++) {
      for (const { index, summation } of documents) summation.write(`${round ? ',' : '['}${index}`);
    }
    for (const { summation } of documents) summation.end(']');
    for (const { index, finished } of documents) expect(await finished).toBe(String(10 * index));
  });

  it('is not taken faster than it is read', async () => {
    const summation = pool.open(request);
    summation.write('[');
    let taken = 0;
    while (summation.write(chunkOf(65_536))) taken += 65_536;
    expect(taken).toBeGreaterThan(MIB);
    expect(taken).toBeLessThan(5 * MIB);
    await once(summation, 'drain');
    const finished = sumOf(summation);
    summation.end('0]');
    expect(await finished).toBe(String((taken + 65_536) / 2));
  });

  it('of tiny chunks goes to its thread in few pieces', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    onTestFinished(() => void post.mockRestore());
    const summation = pool.open(request);
    const finished = sumOf(summation);
    summation.write('[');
    const chunk = Buffer.from('1,');
    for (let count = 0; count < 300_000; count++) {
      if (!summation.write(chunk)) await once(summation, 'drain');
    }
    summation.end('0]');
    expect(await finished).toBe('300000');
    const pieces = post.mock.calls.map(([, transferred]) => (transferred as unknown[]).length);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(64);
    expect(pieces.reduce((sum, count) => sum + count)).toBeLessThan(3000);
  });

  it('shares the room with all others', async () => {
    const documents = Array.from({ length: 200 }, () => pool.open(request));
    let taken = 0;
    for (const summation of documents) {
      summation.write('[');
      while (summation.write(chunkOf(65_536))) taken += 65_536;
    }
    expect(taken).toBeGreaterThan(16 * MIB);
    expect(taken).toBeLessThan((20 + 200 / 8) * MIB);
    const sums = documents.map((summation) => sumOf(summation));
    for (const summation of documents) summation.end('0]');
    const total = (await Promise.all(sums)).reduce((sum, each) => sum + Number(each), 0);
    expect(total).toBe((taken + 200 * 65_536) / 2);
  });

  it('that is abandoned gives its room to others', async () => {
    for (let round = 0; round < 20; round++) {
      const summation = pool.open(request);
      summation.write('[');
      while (summation.write(chunkOf(65_536)));
      summation.destroy();
    }
    const summation = pool.open(request);
    const finished = sumOf(summation);
    summation.end('[9]');
    expect(await finished).toBe('9');
  });

  it('takes the memory of chunks, but not of what is a part of something', async () => {
    const whole = new Uint8Array(Buffer.from('[1234]'));
    const part = Buffer.from('x[1234]x').subarray(1, 7);
    for (const chunk of [whole, part]) {
      const summation = pool.open(request);
      const finished = sumOf(summation);
      summation.end(chunk);
      expect(await finished).toBe('1234');
    }
    expect(whole).toHaveLength(0);
    expect(part.toString()).toBe('[1234]');
  });

  it('fails with its fault, also where more was written since', async () => {
    const summation = pool.open(request);
    const failed = once(summation, 'error');
    summation.write('[1,}');
    for (let count = 0; count < 100; count++) summation.write(chunkOf(65_536));
    const [fault] = await failed;
    expect(fault).toBeInstanceOf(DocumentFault);
    expect(fault).toMatchObject({ code: 'malformed_json', offset: 3 });
  });

  it('that ends too early fails', async () => {
    const summation = pool.open(request);
    const failed = once(summation, 'error');
    summation.end('[1');
    const [fault] = await failed;
    expect(fault).toMatchObject({ code: 'malformed_json', offset: 2 });
  });

  it('may be abandoned at any time', async () => {
    for (let count = 0; count < 2000; count++) {
      const summation = pool.open(request);
      if (count % 2) summation.write(`[${'{"a":['.repeat(count)}`);
      summation.destroy();
    }
    const summation = pool.open(request);
    const finished = sumOf(summation);
    summation.end('[7]');
    expect(await finished).toBe('7');
  });

  it('fails when its thread ends, and others get a new one', async () => {
    const summation = pool.open(request);
    const failed = once(summation, 'error');
    summation.write('[1,');
    await pool.close();
    const [error] = await failed;
    expect(error).toMatchObject({ message: 'the thread of the engine has ended' });
    const next = pool.open(request);
    const finished = sumOf(next);
    next.end('[8]');
    expect(await finished).toBe('8');
  });
});
