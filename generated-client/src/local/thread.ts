import { DocumentFault, type Total } from '../generated/engine/index.js';
import { compiledScanner } from './engine.js';
import type { Assignment, Report } from './local-worker.js';
import type { LocalRequest } from './options.js';
import { slicesOf } from './slices.js';
import type { Source } from './source.js';

/** The part of a page's worker that is used here; the types of Node do not declare it. */
interface Thread {
  onmessage: ((event: { data: Report }) => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  terminate(): void;
}
declare const Worker: new (program: URL, options: { type: 'module' }) => Thread;

/** Sources of at least this size are worth the start of a worker, in bytes. */
const LARGE_SOURCE = 16 * 1024 ** 2;
/** Bytes that a page copies at once: less than a millisecond of its time. */
const COPY = 1024 ** 2;
/** Longest time to load the worker's program, in milliseconds. */
const MAX_START_MS = 5000;

/** True once a worker could not be started: the next one could not either. */
let isUnavailable = false;

/**
 * Starts a worker for a large source if the caller is a page. Elsewhere, and where none can be started, because of a
 * content security policy, another origin or a bundler that left it out, returns undefined.
 */
export async function startThread({ size }: Source): Promise<Thread | undefined> {
  const isPage = 'document' in globalThis && 'Worker' in globalThis;
  if (!isPage || isUnavailable || !(size >= LARGE_SOURCE)) return undefined;
  const thread = await loadThread();
  isUnavailable ||= !thread;
  return thread;
}

function loadThread(): Promise<Thread | undefined> {
  return new Promise((resolve) => {
    let thread: Thread;
    try {
      // Bundlers look for exactly this expression.
      thread = new Worker(new URL('./local-worker.js', import.meta.url), { type: 'module' });
    } catch {
      return resolve(undefined);
    }
    const giveUp = () => {
      thread.terminate();
      resolve(undefined);
    };
    const timer = setTimeout(giveUp, MAX_START_MS);
    thread.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      giveUp();
    };
    thread.onmessage = () => {
      clearTimeout(timer);
      resolve(thread);
    };
  });
}

/** Returns the total of a source that is read, or scanned, by the thread; the thread is ended then. */
export async function scanInThread(
  thread: Thread,
  source: Source,
  { document, limits, onProgress }: LocalRequest,
): Promise<Total> {
  const pieces = piecesOf(source);
  function supply(): void {
    const piece = pieces.next().value?.slice();
    thread.postMessage(piece, piece ? [piece.buffer] : []);
  }
  return new Promise<Total>((resolve, reject) => {
    thread.onerror = ({ message }) => reject(new Error(`The worker failed: ${message}`));
    thread.onmessage = ({ data: report }) => {
      try {
        if (report.step === 'pull') supply();
        if (report.step === 'progress') onProgress?.(report.bytes);
        if (report.step === 'end') resolve(report.total);
        if (report.step === 'failure') reject(errorOf(report));
      } catch (error) {
        reject(error);
      }
    };
    const scanner = compiledScanner();
    thread.postMessage({ scanner, limits, document, blob: source.blob } satisfies Assignment);
  });
}

/** Sources in memory return their pieces at once. */
function* piecesOf(source: Source): Generator<Uint8Array> {
  for (let piece = source.next(); piece; piece = source.next()) {
    yield* slicesOf(piece as Uint8Array, COPY);
  }
}

function errorOf({ name, message, fault }: Extract<Report, { step: 'failure' }>): Error {
  if (fault) return new DocumentFault(fault.code, fault.offset, message, fault.line);
  return new DOMException(message, name);
}
