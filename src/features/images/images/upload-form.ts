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

/** A complete file in the scratch folder. Its holder removes it. */
interface ReceivedFile {
  path: string;
  bytes: number;
  sha256: Buffer;
}

export interface Upload {
  file: ReceivedFile;
  /** Lifetime of the requested link, in seconds. */
  linkLifetime: number | undefined;
}

/** The limits of an upload. */
export interface Allowance {
  /** Largest file. */
  maxBytes: number;
  /** Raises the reserved total to so many bytes. @throws {Problem} `quota_exceeded` */
  reserve(bytes: number): void;
}

/** Most bytes of a form besides the image. */
const FORM_OVERHEAD = 64 * 1024;
/** The parser accepts a second file, so that it can be refused by name. */
const LIMITS = { fieldNameSize: 100, fieldSize: 1000, fields: 20, files: 2, parts: 22 };

/**
 * Reads the form of an upload, and writes its file to `scratchFolder`. Leaves nothing there if it throws.
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
    return await withinLimits(request, allowance.maxBytes, (onStream) =>
      readForm(request, { path, ...allowance, onStream }),
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
 * Runs `read` until it ends, the client stalls, or the form is larger than one with the largest file can be. `read`
 * reports each stream that it reads, so that this can destroy it.
 */
async function withinLimits<T>(
  { raw }: FastifyRequest,
  maxBytes: number,
  read: (onStream: (stream: Readable) => void) => Promise<T>,
): Promise<T> {
  let current: Readable | undefined;
  let received = 0;
  const { promise: refused, reject } = Promise.withResolvers<never>();
  const refuse = (problem: Problem) => {
    current?.destroy(problem);
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
      current = stream;
    });
    return await Promise.race([reading, refused]);
  } finally {
    raw.off('timeout', onTimeout);
    raw.off('data', onData);
  }
}

interface FormOptions extends Allowance {
  path: string;
  onStream(stream: Readable): void;
}

const IMAGE_REQUIRED = 'is required: send the file in a field named image';

async function readForm(request: FastifyRequest, options: FormOptions): Promise<Upload> {
  let file: ReceivedFile | undefined;
  let linkLifetime: number | undefined;
  // `receiveFile` counts the bytes; the parser would only cut a file short.
  const limits = { ...LIMITS, fileSize: Number.POSITIVE_INFINITY };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') {
      if (part.fieldname !== 'image' || file) {
        part.file.destroy();
        throw invalid('/image', file ? 'must be one file' : IMAGE_REQUIRED);
      }
      file = await receiveFile(part, options);
    } else if (part.fieldname === 'expiring_time_seconds' && part.value !== '') {
      // Browsers send a field that was left empty as an empty text.
      if (linkLifetime !== undefined) throw invalid('/expiring_time_seconds', 'must be given once');
      linkLifetime = readLifetime(String(part.value));
    }
  }
  if (!file) throw invalid('/image', IMAGE_REQUIRED);
  return { file, linkLifetime };
}

async function receiveFile(
  { file }: MultipartFile,
  { path, maxBytes, reserve, onStream }: FormOptions,
): Promise<ReceivedFile> {
  onStream(file);
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
    // Until it is closed, the file may still be about to be created.
    if (!target.closed) await new Promise<void>((resolve) => target.once('close', resolve));
    // If the client stalled, `receiveUpload` did not wait for that.
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

/** Blames the form for every error of its parser. */
function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error;
  return imageProblems.malformedMultipart(undefined, { cause: error });
}
