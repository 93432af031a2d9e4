import { open } from 'node:fs/promises';
import type { Format } from '../local.js';
import { type Coding, checkCoding, decode } from './decode.js';
import { Failure } from './failure.js';

/** Size of the chunks that are read from a file: large ones keep a fast disk busy. */
const CHUNK_BYTES = 512 * 1024;

const FORMATS: Record<string, Format> = {
  json: 'json',
  jsonl: 'lines',
  ndjson: 'lines',
  'json-seq': 'sequence',
};

/** A file, or standard input, that is read once: as it is stored, or as the document that it holds. */
export interface Input {
  format: Format;
  coding: Coding | undefined;
  /** Size of the file as it is stored, in bytes; undefined for pipes. */
  size: number | undefined;
  /** Its bytes as they are stored. */
  stored: AsyncIterable<Uint8Array>;
  /** Its bytes, decoded. */
  document: AsyncIterable<Uint8Array>;
  /** Listens to the number of stored bytes as they are read. */
  onRead: (bytes: number) => void;
}

/** Returns the format and the coding that the name of a file says. */
function kindOf(path: string, format: Format | undefined) {
  const [, stem = path, coding] = /^(.*)\.(gz|zst|br)$/i.exec(path) ?? [];
  const [, extension = 'json'] = /\.(json|jsonl|ndjson|json-seq)$/i.exec(stem) ?? [];
  return {
    format: format ?? FORMATS[extension.toLowerCase()]!,
    coding: coding?.toLowerCase() as Coding | undefined,
  };
}

/**
 * Opens a file, or standard input for `-`.
 *
 * @throws {Failure} and errors of the operating system
 */
export async function openInput(path: string, format: Format | undefined): Promise<Input> {
  if (path === '-') {
    if (process.stdin.destroyed) throw new Failure('it can be read only once');
    return toInput(kindOf('', format), undefined, process.stdin);
  }
  const kind = kindOf(path, format);
  // Before the file is opened, so that none stays open.
  if (kind.coding) checkCoding(kind.coding);
  const file = await open(path);
  const status = await file.stat();
  if (status.isDirectory()) {
    await file.close();
    throw new Failure('is a directory');
  }
  const stream = file.createReadStream({ highWaterMark: CHUNK_BYTES });
  return toInput(kind, status.isFile() ? status.size : undefined, stream);
}

function toInput(
  { format, coding }: ReturnType<typeof kindOf>,
  size: number | undefined,
  source: AsyncIterable<Uint8Array>,
): Input {
  const stored = count(source, (bytes) => input.onRead(bytes));
  const document = coding === undefined ? stored : decode(stored, coding);
  const input: Input = { format, coding, size, stored, document, onRead: () => undefined };
  return input;
}

/** Passes chunks on, and calls back with the size of each. */
export async function* count(
  source: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** Reads the first bytes, and returns them and an iterable of all bytes, the first ones included. */
export async function peek(source: AsyncIterable<Uint8Array>, bytes: number) {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < bytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value);
    size += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).toString('utf8', 0, bytes), all: all() };
}

/** Reads a text as a whole. */
export async function readText(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
