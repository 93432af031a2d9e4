import cluster from 'node:cluster';
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';
import { loggableError } from './loggable-error.ts';

const serializers = {
  err: (error: unknown) => loggableError(error),
  // @fastify/multipart logs all headers of an upload at the level trace, the token among them.
  busboyOptions: ({ limits }: { limits?: object }) => ({ limits }),
};

/**
 * Creates the logger of the process. Lines are JSON, or pretty on a terminal. No header, body or query string is ever
 * passed to it, and errors only as {@link loggableError} returns them.
 */
export function createLogger({ log }: Config, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: log.level,
    base: cluster.worker ? { worker: cluster.worker.id } : null,
    serializers,
    hooks: { logMethod: withoutErrorMessages },
  };
  if (destination) return pino(options, destination);
  const pretty = log.format === 'pretty' || (log.format === 'auto' && process.stdout.isTTY);
  if (!pretty) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
  });
}

/** Replaces the message of a line that repeats the message of its error, as pino does by default. */
const withoutErrorMessages: NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> =
  function (args, method) {
    const [first, text, ...rest] = args as unknown[];
    const error = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
    if (!(error instanceof Error) || (text !== undefined && text !== error.message)) {
      return method.apply(this, args);
    }
    const { message, type } = loggableError(error);
    const safe = [first, message || type, ...rest];
    return method.apply(this, safe as Parameters<typeof method>);
  };
