import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Problem, problems } from '../../../http/problem.ts';
import { StorageUnavailable } from '../../../storage/errors.ts';
import { LINK_LIFETIME } from '../links/schemas.ts';
import { imageProblems } from '../problems.ts';

/** A file that has arrived whole and lies in the scratch folder, where whoever has this removes it. */
interface ReceivedFile {
  path: string;
  bytes: number;
  sha256: Buffer;
}

export interface Upload {
  file: ReceivedFile;
  /** How long the link lives that is asked for, in seconds. */
  linkLifetime: number | undefined;
}

/** What an upload may take. */
export interface Allowance {
  /** Of the file. */
  maxBytes: number;
  /** Sets so many bytes aside in all; throws where there is no room for them. */
  reserve(bytes: number): void;
}

/** What a form of one image has besides the image, at most. */
const FORM_OVERHEAD = 64 * 1024;
/** A second file is let through, to be refused as such. */
const LIMITS = { fieldNameSize: 100, fieldSize: 1000, fields: 20, files: 2, parts: 22 };

/**
 * Reads the form of an upload, the file of it into `scratchFolder`. Nothing stays there if this throws.
 *
 * @throws {Problem} 400, 403, 408, 413 or 415
 */
export async function receiveUpload(
  request: FastifyRequest,
  { scratchFolder, ...allowance }: Allowance & { scratchFolder: string },
): Promise<Upload> {
  checkHeaders(request, allowance);
  const path = join(scratchFolder, randomUUID());
  try {
    return await whileWelcome(request, allowance.maxBytes, (follow) =>
      readForm(request, { path, ...allowance, follow }),
    );
  } catch (error) {
    request.raw.unpipe();
    await rm(path, { force: true });
    throw toProblem(error as Error);
  }
}

function checkHeaders(request: FastifyRequest, { maxBytes, reserve }: Allowance): void {
  const { headers } = request;
  if (!request.isMultipart()) throw imageProblems.notMultipart();
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw problems.unsupportedEncoding(undefined, { headers: { 'accept-encoding': 'identity' } });
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > maxBytes + FORM_OVERHEAD) throw tooLarge(maxBytes);
  reserve(Math.max(0, length - FORM_OVERHEAD));
}

/**
 * Runs `read`, which says what stream it follows, until it ends, the client stalls, or the form is larger than
 * one with the largest file, whatever it consists of.
 */
async function whileWelcome<T>(
  { raw }: FastifyRequest,
  maxBytes: number,
  read: (follow: (stream: Readable) => void) => Promise<T>,
): Promise<T> {
  let followed: Readable | undefined;
  let received = 0;
  const { promise: refused, reject } = Promise.withResolvers<never>();
  const refuse = (problem: Problem) => {
    followed?.destroy(problem);
    reject(problem);
  };
  const onTimeout = () => refuse(problems.requestTimeout());
  const onData = ({ length }: Buffer) => {
    received += length;
    if (received > maxBytes + FORM_OVERHEAD) refuse(tooLarge(maxBytes));
  };
  raw.once('timeout', onTimeout);
  raw.on('data', onData);
  try {
    const reading = read((stream) => {
      followed = stream;
    });
    return await Promise.race([reading, refused]);
  } finally {
    raw.off('timeout', onTimeout);
    raw.off('data', onData);
  }
}

interface FormOptions extends Allowance {
  path: string;
  follow(stream: Readable): void;
}

const NO_IMAGE = 'is required: send the file in a field named image';

async function readForm(request: FastifyRequest, options: FormOptions): Promise<Upload> {
  let file: ReceivedFile | undefined;
  let linkLifetime: number | undefined;
  // The size is counted here; that of a file which is cut short would have to be asked for.
  const limits = { ...LIMITS, fileSize: Number.POSITIVE_INFINITY };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') {
      if (part.fieldname !== 'image' || file) {
        part.file.destroy();
        throw invalid('/image', file ? 'must be one file' : NO_IMAGE);
      }
      file = await receiveFile(part, options);
    } else if (part.fieldname === 'expiring_time_seconds' && part.value !== '') {
      // Browsers, and the documentation page, send a field that was left empty as an empty text.
      if (linkLifetime !== undefined) throw invalid('/expiring_time_seconds', 'must stand once');
      linkLifetime = readLifetime(String(part.value));
    }
  }
  if (!file) throw invalid('/image', NO_IMAGE);
  return { file, linkLifetime };
}

async function receiveFile(
  { file }: MultipartFile,
  { path, maxBytes, reserve, follow }: FormOptions,
): Promise<ReceivedFile> {
  follow(file);
  const sha256 = createHash('sha256');
  let bytes = 0;
  const measure = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      reserve(bytes);
      sha256.update(chunk);
      yield chunk;
    }
  };
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(file, measure, target);
  } catch (error) {
    // Until then the file may still be about to be opened, and so to be made.
    if (!target.closed) await new Promise<void>((resolve) => target.once('close', resolve));
    // Where the client stalled, nobody waits for this any more.
    await rm(path, { force: true });
    throw target.errored && 'syscall' in target.errored ? new StorageUnavailable(error) : error;
  }
  return { path, bytes, sha256: sha256.digest() };
}

function readLifetime(text: string): number {
  const { minimum, maximum } = LINK_LIFETIME;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw invalid('/expiring_time_seconds', `must be an integer from ${minimum} to ${maximum}`);
}

function invalid(path: string, message: string): Problem {
  return problems.validationFailed(undefined, { errors: [{ path, message }] });
}

function tooLarge(maxBytes: number): Problem {
  return imageProblems.imageTooLarge(`Your tier accepts files of up to ${maxBytes} bytes.`);
}

/** What the parser of forms throws is about the form; it has no other way to fail. */
function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error;
  return imageProblems.malformedMultipart(undefined, { cause: error });
}
