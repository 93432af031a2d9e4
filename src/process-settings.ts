import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import {
  computed,
  count,
  divided,
  EMPTY_OR_VISIBLE,
  oneOf,
  text,
  type Values,
} from './setting-types.ts';

const LOG_LEVELS = ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent'] as const;
/** libuv has no more. */
const MAX_POOL_THREADS = 1024;
/** Threads that stay free for files while every decoder and password hash is at work. */
const FILE_THREADS = 4;

export const processVariables = {
  WORKERS: text(
    'a number of processes that serve requests on one port, up to 999, or auto: one for each processor',
    '1',
    '^(auto|[1-9]\\d{0,2})$',
    'be a number from 1 to 999, or auto',
  ),
  DATA_DIR: text('folder for keys, the database file and stored files', './data', EMPTY_OR_VISIBLE),
  LOG_LEVEL: oneOf('least severe level that is logged', LOG_LEVELS),
  LOG_FORMAT: oneOf('JSON lines, or pretty; auto is pretty on a terminal and json elsewhere', [
    'auto',
    'json',
    'pretty',
  ]),
  UV_THREADPOOL_SIZE: computed(
    'PASSWORD_THREADS + IMAGES_DECODERS + 4',
    divided(count('threads for image decoders, password hashes and files', 0, 0, MAX_POOL_THREADS)),
  ),
};

/** @param busyThreads threads that decoders and password hashes can take at once */
export function toProcessSettings(env: Values<typeof processVariables>, busyThreads: number) {
  const size = env.UV_THREADPOOL_SIZE || Math.min(busyThreads + FILE_THREADS, MAX_POOL_THREADS);
  return {
    workers: countWorkers(env),
    dataDir: resolve(env.DATA_DIR),
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT },
    threadPool: { size, isFilled: size <= busyThreads },
  };
}

export function countWorkers({ WORKERS }: { WORKERS: string }): number {
  return WORKERS === 'auto' ? availableParallelism() : Number(WORKERS);
}
