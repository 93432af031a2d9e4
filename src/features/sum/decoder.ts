import type { Readable } from 'node:stream';
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

/** The codings of RFC 9110 section 8.4.1, RFC 7932 (br) and RFC 8878 (zstd). */
const DECODERS = {
  gzip: () => createGunzip({ chunkSize }),
  'x-gzip': () => createGunzip({ chunkSize }),
  deflate: () => createInflate({ chunkSize }),
  br: () => createBrotliDecompress({ chunkSize }),
  zstd: () => createZstdDecompress({ chunkSize, params: zstdParams }),
};

/** Most memory that each decoder keeps of what it has decoded: RFC 1951, RFC 7932 section 9.1, `zstdParams`. */
const WINDOW_BYTES = {
  gzip: 32 * 1024,
  'x-gzip': 32 * 1024,
  deflate: 32 * 1024,
  br: 16 * 1024 ** 2,
  zstd: 8 * 1024 ** 2,
};

/** Memory that each decoder has besides. */
const OTHER_BYTES = 2 * chunkSize;

/** Most frames of a zstd document that may begin in the middle of a chunk: each is one more job for a thread. */
const MAX_FRAMES = 1000;

/** Decoded bytes that any document may have, however few were received. */
const FREE_BYTES = 1024 ** 2;

export type Coding = keyof typeof DECODERS;
type Decoder = ReturnType<(typeof DECODERS)[Coding]>;

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
 * Returns the decoded body, a stream that fails with a {@link Problem} where the body is not what its coding
 * says, where something follows the end of the encoded bytes, and beyond the limits.
 */
export type Decode = (body: Readable, coding: Coding) => Readable;

export function createDecode({ maxRatio, maxMemory }: DecodeLimits): Decode {
  const held = new Map<Decoder, number>();
  let total = 0;

  function hold(decoder: Decoder, bytes: number): void {
    total += bytes - (held.get(decoder) ?? 0);
    held.set(decoder, bytes);
    while (total > maxMemory && held.size > 0) {
      const [largest] = [...held].reduce((a, b) => (b[1] >= a[1] ? b : a));
      free(largest);
      largest.destroy(memoryExhausted());
    }
  }
  function free(decoder: Decoder): void {
    total -= held.get(decoder) ?? 0;
    held.delete(decoder);
  }

  return (body, coding) => {
    const decoder = DECODERS[coding]();
    let decoded = 0;
    hold(decoder, OTHER_BYTES);
    decoder.once('close', () => free(decoder));
    onOutput(decoder, (bytes) => {
      decoded += bytes;
      if (decoded > FREE_BYTES + maxRatio * decoder.bytesWritten) throw tooCompressed(maxRatio);
      if (decoded - bytes < WINDOW_BYTES[coding]) {
        hold(decoder, OTHER_BYTES + Math.min(decoded, WINDOW_BYTES[coding]));
      }
    });
    feed(decoder, body, coding);
    return decoder;
  };
}

/** Gives the decoder what the body has, until both end. */
function feed(decoder: Decoder, body: Readable, coding: Coding): void {
  let frames = 0;
  let isWriting = false;
  let hasEnded = false;
  function write(chunk: Buffer): void {
    const before = decoder.bytesWritten;
    isWriting = true;
    decoder.write(chunk, (error) => {
      if (error) return;
      const rest = chunk.subarray(decoder.bytesWritten - before);
      if (rest.length > 0) writeRest(rest);
      else goOn();
    });
  }
  /** Takes what the decoder left over, since what is encoded has ended. */
  function writeRest(rest: Buffer): void {
    // A zstd document may have several frames (RFC 8878 section 3); gzip's members are joined by Node.
    if (coding === 'zstd' && ++frames < MAX_FRAMES) write(rest);
    else decoder.destroy(trailingBytes(coding));
  }
  function goOn(): void {
    isWriting = false;
    if (hasEnded) decoder.end();
    else body.resume();
  }
  const onData = (chunk: Buffer) => {
    body.pause();
    write(chunk);
  };
  const onEnd = () => {
    hasEnded = true;
    if (!isWriting) decoder.end();
  };
  const onError = (error: Error) => decoder.destroy(error);
  body.on('data', onData).once('end', onEnd).once('error', onError);
  decoder.once('close', () => body.off('data', onData).off('end', onEnd).off('error', onError));
}

/** Has the decoder end when it is told to, and fail with what `onBytes` throws. */
function onOutput(decoder: Decoder, onBytes: (bytes: number) => void): void {
  const push = decoder.push;
  decoder.push = (chunk: Buffer | null, encoding) => {
    // By itself it ends where what is encoded does, and drops all that follows.
    if (chunk === null) return decoder.writableEnded ? push.call(decoder, null) : true;
    try {
      onBytes(chunk.length);
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
