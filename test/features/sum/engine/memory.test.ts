import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { PLAIN_REQUEST } from '../../../../src/features/sum/answer.ts';
import {
  createEngine,
  DocumentFault,
  type Summation,
} from '../../../../src/features/sum/engine/index.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeArenas } from '../../../../src/features/sum/streams/node-engine.ts';
import { createThreadPool } from '../../../../src/features/sum/streams/thread-pool.ts';

const MIB = 1024 ** 2;
const maxMemory = 8 * MIB;

/** The beginnings of documents that hold far more memory than most: some 320, 128 and 16 KiB. */
const heavy = {
  exponents: `[${Array.from({ length: 313 }, (_, i) => `1e${(i - 156) * 64},`).join('')}`,
  nesting: '['.repeat(900_000),
  digits: `[1${'2'.repeat(9000)}`,
};

function setUp(memory = maxMemory) {
  const engineLimits = { ...DEFAULT_LIMITS, maxMemory: memory };
  const arenas = createNodeArenas(engineLimits);
  const engine = createEngine(arenas);
  /** A document under way that begins so; undefined if there is no memory for it. */
  function begin(text: string): Summation | undefined {
    const summation = engine.open();
    return isRefused(summation, text) ? undefined : summation;
  }
  return { arenas, begin };
}

function isRefused(summation: Summation, text = ' '): boolean {
  try {
    summation.write(Buffer.from(text));
    return false;
  } catch (error) {
    if (error instanceof DocumentFault && error.code === 'memory_exhausted') return true;
    throw error;
  }
}

describe('the memory of documents under way', () => {
  it.each(Object.entries(heavy))('is bounded, whatever fills it (%s)', (name, text) => {
    const { arenas, begin } = setUp();
    const { scanner } = arenas.current();
    const documents = Array.from({ length: 300 }, () => begin(text));
    expect(scanner.sizeBytes).toBeLessThan(maxMemory + MIB);
    const more = name === 'digits' ? '0' : ' ';
    const left = documents.filter((document) => document && !isRefused(document, more));
    expect(left.length).toBeGreaterThan(10);
    expect(left.length).toBeLessThan(290);
  });

  it('refuses a document whose places alone need too much, and gives up others for it only until then', () => {
    const engineLimits = { ...DEFAULT_LIMITS, maxMemory };
    const engine = createEngine(createNodeArenas(engineLimits));
    const modest = engine.open();
    modest.write(Buffer.from('[1,[2'));
    const deep = engine.open({ paths: { collapse: [] } });
    const write = () => {
      for (let i = 0; i < 10; i++) deep.write(Buffer.from('['.repeat(20_000)));
    };
    expect(write).toThrow('the places of the document need more memory than there is for one');
    modest.write(Buffer.from(']]'));
    expect(modest.end()).toEqual({ sum: '3', count: 2 });
  });

  it('is taken from the documents that have the most', () => {
    const { begin } = setUp();
    const modest = Array.from({ length: 100 }, () => begin('[1e100,[[2.5e-50')!);
    const refused = Array.from({ length: 100 }, () => begin(heavy.exponents)).filter(
      (document) => !document || isRefused(document),
    );
    expect(refused.length).toBeGreaterThan(50);
    for (const document of modest) {
      document.write(Buffer.from(',-1e100]]]'));
      expect(document.end().sum).toBe(`0.${'0'.repeat(49)}25`);
    }
  });

  it('is bounded also where blocks of one size are followed by larger ones', () => {
    const { arenas, begin } = setUp();
    const { scanner } = arenas.current();
    const keeper = begin(heavy.exponents)!;
    for (let depth = 1024; depth < DEFAULT_LIMITS.maxDepth; depth *= 2) {
      const documents = Array.from({ length: 200 }, () => begin('['.repeat(depth - 1)));
      for (const document of documents) document?.close();
    }
    expect(scanner.sizeBytes).toBeLessThan(maxMemory + 4 * MIB);
    keeper.close();
  });

  it('is given back when the documents are gone, also beside one that stays', () => {
    const { arenas, begin } = setUp(64 * MIB);
    const { scanner } = arenas.current();
    const stays = begin('[7')!;
    const documents = Array.from({ length: 90 }, () => begin(heavy.exponents)!);
    expect(scanner.sizeBytes).toBeGreaterThan(16 * MIB);
    for (const document of documents) document.close();
    expect(arenas.current().scanner.sizeBytes).toBeLessThan(MIB);
    const next = begin('[8')!;
    for (const [document, sum] of [
      [stays, '7'],
      [next, '8'],
    ] as const) {
      document.write(Buffer.from(']'));
      expect(document.end().sum).toBe(sum);
    }
  });
});

describe('the memory of documents in a thread', () => {
  const pool = createThreadPool({ ...DEFAULT_LIMITS, maxMemory }, 1);
  afterAll(() => pool.close());

  it('is bounded too, and others have their sums', async () => {
    const modest = pool.open({ ...PLAIN_REQUEST, include: ['sum'] });
    modest.write('[1e100');
    const documents = Array.from({ length: 60 }, () =>
      pool.open({ ...PLAIN_REQUEST, include: ['sum'] }),
    );
    const errors: Error[] = [];
    for (const document of documents) {
      document.on('error', (error) => errors.push(error));
      document.write(heavy.exponents);
    }
    await expect
      .poll(
        () => {
          for (const document of documents) if (!document.destroyed) document.write('1,');
          return errors.length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(30);
    for (const error of errors) {
      expect(error).toBeInstanceOf(DocumentFault);
      expect(error).toMatchObject({ code: 'memory_exhausted' });
    }
    const finished = once(modest, 'finish');
    modest.end(',-1e100]');
    await finished;
    expect(JSON.parse(String(modest.answer))).toMatchObject({ sum: '0' });
    for (const document of documents) document.destroy();
  });
});
