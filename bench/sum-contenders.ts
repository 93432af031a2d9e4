import { Tokenizer, TokenType } from '@streamparser/json';
import { Decimal } from 'decimal.js';
import { parse } from 'lossless-json';
import { parser } from 'stream-json';
import type { DocumentOptions, Engine, Total } from '../src/features/sum/engine/index.ts';

/** A way to read a document; `run` is called with all its bytes, many times. */
export interface Contender {
  name: string;
  /** Largest document for it, in bytes, because it is slow. */
  atMost: number;
  run(document: Buffer): unknown;
}

const CHUNK = 65_536;

function walk(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || typeof value !== 'object') return 0;
  let sum = 0;
  if (Array.isArray(value)) for (const item of value) sum += walk(item);
  else for (const key of Object.keys(value)) sum += walk((value as Record<string, unknown>)[key]);
  return sum;
}

/** The usual way: inexact, with the whole document and its tree in memory. */
export function parseAndWalk(document: Buffer | string): number {
  return walk(JSON.parse(document.toString()));
}

type PathTotals = Map<string, { sum: number; count: number }>;

function walkPaths(value: unknown, path: string, totals: PathTotals): PathTotals {
  if (typeof value === 'number') {
    const total = totals.get(path);
    if (!total) return totals.set(path, { sum: value, count: 1 });
    total.sum += value;
    total.count++;
  } else if (Array.isArray(value)) {
    const inner = `${path}[*]`;
    for (const item of value) walkPaths(item, inner, totals);
  } else if (value !== null && typeof value === 'object') {
    const members = value as Record<string, unknown>;
    for (const key of Object.keys(members)) walkPaths(members[key], `${path}.${key}`, totals);
  }
  return totals;
}

/** The usual way to a total for each field. */
function parseAndWalkPaths(document: Buffer): PathTotals {
  return walkPaths(JSON.parse(document.toString()), '$', new Map());
}

function chunks(document: Buffer): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < document.length; at += CHUNK) out.push(document.subarray(at, at + CHUNK));
  return out;
}

/** Returns the total of a document that arrives in chunks. */
export function streamed(engine: Engine, document: Buffer, options?: DocumentOptions): Total {
  const summation = engine.open(options);
  for (const chunk of chunks(document)) summation.write(chunk);
  return summation.end();
}

async function streamJson(document: Buffer): Promise<number> {
  const tokens = parser.asStream({ packKeys: false, packStrings: false, streamNumbers: false });
  let sum = 0;
  const done = new Promise((resolve, reject) => {
    tokens.on('data', (token: { name: string; value: string }) => {
      if (token.name === 'numberValue') sum += Number(token.value);
    });
    tokens.on('end', resolve).on('error', reject);
  });
  for (const chunk of chunks(document)) tokens.write(chunk);
  tokens.end();
  await done;
  return sum;
}

function streamParser(document: Buffer): number {
  const tokens = new Tokenizer();
  let sum = 0;
  tokens.onToken = ({ token, value }) => {
    if (token === TokenType.NUMBER) sum += value as number;
  };
  for (const chunk of chunks(document)) tokens.write(chunk);
  return sum;
}

function lossless(document: Buffer): string {
  let sum = new Decimal(0);
  parse(document.toString(), null, (literal) => {
    sum = sum.plus(literal);
    return 0;
  });
  return sum.toFixed();
}

/** A lower bound: the bytes copied to where WebAssembly could read them. */
function createCopy(): (document: Buffer) => unknown {
  const memory = new Uint8Array(CHUNK);
  return (document) => {
    for (const chunk of chunks(document)) memory.set(chunk);
    return memory[0];
  };
}

/** A lower bound: Node's own search for each quote, in native code. */
function scanQuotes(document: Buffer): number {
  let quotes = 0;
  for (let at = document.indexOf(0x22); at >= 0; at = document.indexOf(0x22, at + 1)) quotes++;
  return quotes;
}

export function createContenders(engine: Engine): Contender[] {
  const all = Number.POSITIVE_INFINITY;
  const some = 4_000_000;
  return [
    { name: 'engine', atMost: all, run: (document) => streamed(engine, document) },
    { name: 'JSON.parse + walk', atMost: all, run: parseAndWalk },
    {
      name: 'engine with paths',
      atMost: all,
      run: (document) => streamed(engine, document, { paths: { collapse: [] } }),
    },
    { name: 'JSON.parse + walk, by path', atMost: all, run: parseAndWalkPaths },
    { name: '@streamparser/json', atMost: some, run: streamParser },
    { name: 'stream-json', atMost: some, run: streamJson },
    { name: 'lossless-json + decimal.js', atMost: some, run: lossless },
    { name: 'only copy', atMost: all, run: createCopy() },
    { name: 'only find quotes', atMost: all, run: scanQuotes },
  ];
}
