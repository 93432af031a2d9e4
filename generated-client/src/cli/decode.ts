import { pipeline, Readable } from 'node:stream';
import zlib from 'node:zlib';
import { Failure } from './failure.js';

/** Size of decoded chunks. */
const chunkSize = 256 * 1024;

const DECODERS = {
  gz: () => zlib.createGunzip({ chunkSize }),
  br: () => zlib.createBrotliDecompress({ chunkSize }),
  zst: () => zlib.createZstdDecompress({ chunkSize }),
};

/** The codings that are known, by the extensions of their files. */
export type Coding = keyof typeof DECODERS;
type Decoder = ReturnType<(typeof DECODERS)[Coding]>;

/** @throws {Failure} if this version of Node cannot decode the coding. */
export function checkCoding(coding: Coding): void {
  if (coding !== 'zst' || typeof zlib.createZstdDecompress === 'function') return;
  throw new Failure(
    `.zst needs Node 22.15 or newer, and this is ${process.version}; use zstd -dc FILE | tally sum -`,
  );
}

/**
 * Decodes a compressed file as it is read. Files of several parts behind one another, as `cat` makes them of .gz or .zst
 * files, are decoded as a whole.
 *
 * @throws {Failure} while it is read, if the file is cut short, is not what its extension says, or goes on with
 *   something else.
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  coding: Coding,
): AsyncGenerator<Uint8Array> {
  const decoder = DECODERS[coding]();
  refuseTrailingBytes(decoder, coding);
  const input = Readable.from(source, { highWaterMark: 1 });
  // Errors of the source and of the decoder alike end the iteration below.
  pipeline(input, decoder, () => undefined);
  try {
    yield* decoder;
  } catch (error) {
    throw isOfZlib(error) ? malformed(coding, error) : error;
  }
}

/** Tells errors of zlib from those of the file system, which name a system call. */
function isOfZlib(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error && !('syscall' in error);
}

function malformed(coding: Coding, { message }: Error): Failure {
  return new Failure(`cannot be decoded as .${coding}, or is cut short (${message})`);
}

/**
 * Makes the decoder fail if bytes remain behind the end of what is compressed; zlib would ignore them. Another frame of
 * zstd (RFC 8878 section 3) may follow; those of gzip are joined by Node.
 */
function refuseTrailingBytes(decoder: Decoder, coding: Coding): void {
  const transform = decoder._transform.bind(decoder);
  const { push } = decoder;
  let isTransforming = false;
  decoder._transform = (chunk: Buffer, encoding, done) => {
    const before = decoder.bytesWritten;
    isTransforming = true;
    transform(chunk, encoding, (error) => {
      isTransforming = false;
      const rest = chunk.subarray(decoder.bytesWritten - before);
      if (error || rest.length === 0) done(error);
      else if (coding === 'zst') decoder._transform(rest, encoding, done);
      else done(new Failure(`has bytes behind the end of its .${coding} data`));
    });
  };
  // zlib signals its end within a chunk; ending the stream there would drop the remaining bytes.
  decoder.push = (chunk: Buffer | null, encoding) =>
    (chunk === null && isTransforming) || push.call(decoder, chunk, encoding);
}
