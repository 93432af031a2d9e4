import type { Duplex } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { problems } from '../../http/problem.ts';
import { memoryExhausted, sumProblems } from './problems.ts';

/** Size of decoded chunks: enough to be fast, little enough for the event loop. */
const chunkSize = 64 * 1024;

/** RFC 9659: a window of at most 8 MiB. Each document under way has one. */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

/**
 * The codings of RFC 9110 section 8.4.1, RFC 7932 (br) and RFC 8878 (zstd), each with the most memory that its
 * decoder keeps of what it has decoded: RFC 1951, RFC 7932 section 9.1, `zstdParams`.
 */
const DECODERS = {
  gzip: { open: () => createGunzip({ chunkSize }), windowBytes: 32 * 1024 },
  'x-gzip': { open: () => createGunzip({ chunkSize }), windowBytes: 32 * 1024 },
  deflate: { open: () => createInflate({ chunkSize }), windowBytes: 32 * 1024 },
  br: { open: () => createBrotliDecompress({ chunkSize }), windowBytes: 16 * 1024 ** 2 },
  zstd: {
    open: () => createZstdDecompress({ chunkSize, params: zstdParams }),
    windowBytes: 8 * 1024 ** 2,
  },
};

/** Memory that each decoder has besides. */
const OTHER_BYTES = 2 * chunkSize;

/** Most zstd frames that may begin inside a chunk: each costs one more job of the thread pool. */
const MAX_FRAMES = 1000;

/** Decoded bytes that any document may have, however few were received. */
const FREE_BYTES = 1024 ** 2;

export type Coding = keyof typeof DECODERS;
type Decoder = ReturnType<(typeof DECODERS)[Coding]['open']>;

/**
 * Returns the coding of a body, or undefined for one that is sent as it is.
 *
 * @throws {Problem} 415 for a coding that is not known, with those that are.
 */
export function codingOf(contentEncoding: string | undefined): Coding | undefined {
  const coding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (coding === 'identity') return undefined;
  if (Object.hasOwn(DECODERS, coding)) return coding as Coding;
  throw problems.unsupportedEncoding('Send the body as it is, or as gzip, deflate, br or zstd.', {
    headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
  });
}

export interface DecodeLimits {
  /** Most decoded bytes for each one received, beyond the first mebibyte. */
  maxRatio: number;
  /** Most memory of all decoders together, in bytes. Beyond it, the one that has the most fails. */
  maxMemory: number;
}

/**
 * Opens a decoder for a body of a coding. It fails with a {@link Problem} if the body is not what its coding says,
 * if bytes follow the end of what is encoded, and beyond the limits.
 */
export type Decode = (coding: Coding) => Duplex;

export function createDecode({ maxRatio, maxMemory }: DecodeLimits): Decode {
  const memory = createMemory(maxMemory);
  return (coding) => {
    const { open, windowBytes } = DECODERS[coding];
    const decoder = open();
    let decoded = 0;
    memory.hold(decoder, OTHER_BYTES);
    decoder.once('close', () => memory.free(decoder));
    const isTransforming = refuseTrailingBytes(decoder, coding);
    onOutput(decoder, isTransforming, (bytes) => {
      decoded += bytes;
      if (decoded > FREE_BYTES + maxRatio * decoder.bytesWritten) throw tooCompressed(maxRatio);
      if (decoded - bytes < windowBytes) {
        memory.hold(decoder, OTHER_BYTES + Math.min(decoded, windowBytes));
      }
    });
    failWithProblem(decoder);
    return decoder;
  };
}

/** Counts the memory of all decoders, and destroys the one that has the most beyond the limit. */
function createMemory(maxBytes: number) {
  const held = new Map<Decoder, number>();
  let total = 0;
  function free(decoder: Decoder): void {
    total -= held.get(decoder) ?? 0;
    held.delete(decoder);
  }
  function hold(decoder: Decoder, bytes: number): void {
    total += bytes - (held.get(decoder) ?? 0);
    held.set(decoder, bytes);
    while (total > maxBytes && held.size > 0) {
      const [largest] = [...held].reduce((a, b) => (b[1] >= a[1] ? b : a));
      free(largest);
      largest.destroy(memoryExhausted());
    }
  }
  return { hold, free };
}

/**
 * Makes the decoder fail if bytes remain after the end of the compressed data. Returns a function that tells if the
 * decoder is inside a chunk.
 */
function refuseTrailingBytes(decoder: Decoder, coding: Coding): () => boolean {
  const transform = decoder._transform.bind(decoder);
  let frames = 0;
  let isTransforming = false;
  decoder._transform = (chunk: Buffer, encoding, done) => {
    const before = decoder.bytesWritten;
    isTransforming = true;
    transform(chunk, encoding, (error) => {
      isTransforming = false;
      const rest = chunk.subarray(decoder.bytesWritten - before);
      if (error || rest.length === 0) done(error);
      // A zstd document may have several frames (RFC 8878 section 3); gzip's members are joined by Node.
      else if (coding === 'zstd' && ++frames < MAX_FRAMES) decoder._transform(rest, encoding, done);
      else done(trailingBytes(coding));
    });
  };
  return () => isTransforming;
}

/** Makes the decoder fail with a {@link Problem} where zlib refuses the body. */
function failWithProblem(decoder: Decoder): void {
  const destroy = decoder._destroy.bind(decoder);
  decoder._destroy = (cause, done) => {
    const isRefusal = cause !== null && 'errno' in cause;
    const error = isRefusal ? sumProblems.malformedEncoding(undefined, { cause }) : cause;
    destroy(error, done);
  };
}

/** Calls back for the bytes of each output, and makes the decoder fail with what that throws. */
function onOutput(
  decoder: Decoder,
  isTransforming: () => boolean,
  callback: (bytes: number) => void,
): void {
  const push = decoder.push;
  decoder.push = (chunk: Buffer | null, encoding) => {
    // zlib signals its end within a chunk; ending the stream here would silently drop the remaining bytes.
    if (chunk === null) return isTransforming() || push.call(decoder, null);
    try {
      callback(chunk.length);
    } catch (error) {
      decoder.destroy(error as Error);
    }
    return !decoder.destroyed && push.call(decoder, chunk, encoding);
  };
}

function tooCompressed(maxRatio: number) {
  return sumProblems.compressionRatio(
    `This server accepts documents of up to ${maxRatio} bytes for each compressed one, beyond the first mebibyte. Send it uncompressed.`,
  );
}

function trailingBytes(coding: Coding) {
  return sumProblems.malformedEncoding(
    coding === 'zstd'
      ? `The body has more than ${MAX_FRAMES} zstd frames.`
      : `Bytes follow the end of the ${coding} body.`,
  );
}
