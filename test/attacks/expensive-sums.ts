import { gzipSync, zstdCompressSync } from 'node:zlib';

/** A document that costs `POST /sum` much for its bytes on the wire. */
export interface ExpensiveSum {
  name: string;
  query?: string;
  /** Header lines that the body needs besides those of any request. */
  headers: string[];
  /** Returns the body as it is on the wire, of about so many bytes. */
  body(bytes: number): Buffer;
  /** Most processor time for each byte, in multiples of what a plain document of this size takes. */
  budget: number;
}

const repeat = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));
const array = (item: string) => (bytes: number) => Buffer.from(`[${repeat(`${item},`, bytes)}0]`);
const counted = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(',');

const plain = array('{"name":"abc","value":12.5,"on":true}');

/** A body in chunks of which each has so many bytes, with an extension behind its length. */
function chunked(size: number, extension = '') {
  return (bytes: number): Buffer => {
    const data = repeat('1,', size).slice(0, size - (size % 2) || 1);
    const pieces = size === 1 ? ['1', ','] : [data];
    const chunks = pieces.map(toChunk).join('');
    const ends = ['[', '0]'].map(toChunk);
    return Buffer.from(`${ends[0]}${repeat(chunks, bytes)}${ends[1]}0\r\n\r\n`);
  };
  function toChunk(text: string): string {
    return `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
  }
}

/** Members that each hold one item: gzip of many members, zstd of many frames. */
const members = (encode: (text: string) => Buffer) => (bytes: number) => {
  const [first, item, last] = ['[', '1,', '0]'].map(encode) as [Buffer, Buffer, Buffer];
  const items = Array<Buffer>(Math.ceil(bytes / item.length)).fill(item);
  return Buffer.concat([first, ...items, last]);
};

const IN_CHUNKS = ['transfer-encoding: chunked'];
const coded = (coding: string) => [`content-encoding: ${coding}`];

/** The first is the plain document that the others are compared with. */
export const expensiveSums: ExpensiveSum[] = [
  { name: 'a plain document', headers: [], body: plain, budget: 1 },
  {
    name: 'numbers of all exponents',
    headers: [],
    body: array(counted(20_001, (i) => `1e${i - 10_000}`)),
    budget: 20,
  },
  {
    name: 'numbers that each need a page',
    headers: [],
    body: array(counted(313, (i) => `1e${(i - 156) * 64}`)),
    budget: 20,
  },
  { name: 'numbers of the lowest exponent', headers: [], body: array('1e-9999'), budget: 20 },
  { name: 'the smallest numbers', headers: [], body: array('1'), budget: 10 },
  { name: 'the longest numbers', headers: [], body: array('1'.repeat(9999)), budget: 10 },
  {
    name: 'an exponent of many zeros',
    headers: [],
    body: array(`1e${'0'.repeat(60_000)}1`),
    budget: 15,
  },
  {
    name: 'the deepest nesting',
    headers: [],
    body: (bytes) => {
      const depth = Math.min(999_000, bytes / 2);
      return Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    },
    budget: 15,
  },
  { name: 'brackets that change their kind', headers: [], body: array('{"":[{}]}'), budget: 10 },
  { name: 'escapes', headers: [], body: array('"\\\\\\""'), budget: 10 },
  {
    name: 'invalid UTF-8 at the end of a string',
    headers: [],
    body: (bytes) =>
      Buffer.concat([Buffer.from(`["${'é'.repeat(bytes / 2)}`), Buffer.from([0xc3, 0x28])]),
    budget: 10,
  },
  { name: 'chunks of a byte', headers: IN_CHUNKS, body: chunked(1), budget: 250 },
  { name: 'chunks of 14 bytes', headers: IN_CHUNKS, body: chunked(14), budget: 80 },
  {
    name: 'chunks with extensions',
    headers: IN_CHUNKS,
    body: chunked(1, `;${'x'.repeat(100)}`),
    budget: 50,
  },
  {
    name: 'trailers',
    headers: IN_CHUNKS,
    // Beyond MAX_HEADER_BYTES Node refuses them.
    body: () => Buffer.from(`2\r\n[]\r\n0\r\n${'a: b\r\n'.repeat(2000)}\r\n`),
    budget: 2000,
  },
  {
    name: 'gzip of many members',
    headers: coded('gzip'),
    body: members((text) => gzipSync(text)),
    budget: 30,
  },
  {
    name: 'zstd of many frames',
    headers: coded('zstd'),
    body: members((text) => zstdCompressSync(text)),
    budget: 30,
  },
  {
    name: 'a mebibyte from a kilobyte of gzip',
    headers: coded('gzip'),
    body: () => gzipSync(array('0')(1024 ** 2 - 10)),
    budget: 5000,
  },
  {
    name: 'numbers in one place',
    query: '?include=sum,count,paths',
    headers: [],
    body: plain,
    budget: 15,
  },
  {
    name: 'places that are looked up by long names',
    query: '?include=paths',
    headers: [],
    body: (bytes) => Buffer.from(`[${repeat(`{"${'x'.repeat(1000)}":1},`, bytes)}0]`),
    budget: 15,
  },
  {
    name: 'new names without numbers',
    query: '?include=paths',
    headers: [],
    body: (bytes) => Buffer.from(`{${counted(bytes / 14, (i) => `"name${i}":""`)}}`),
    budget: 100,
  },
  {
    name: 'deep places',
    query: '?include=paths',
    headers: [],
    body: (bytes) => Buffer.from(`${repeat('{"a":', bytes)}1`),
    budget: 100,
  },
  {
    name: 'lines of a byte',
    headers: ['content-type: application/x-ndjson'],
    body: (bytes) => Buffer.from('1\n'.repeat(bytes / 2)),
    budget: 20,
  },
  {
    name: 'blank lines',
    headers: ['content-type: application/x-ndjson'],
    body: (bytes) => Buffer.from('\n'.repeat(bytes)),
    budget: 20,
  },
  {
    name: 'records without a value',
    headers: ['content-type: application/json-seq'],
    body: (bytes) => Buffer.from(`${'\x1e'.repeat(bytes)}1\n`),
    budget: 20,
  },
];
