import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';
import { loggableError } from './loggable-error.ts';

const serializers = {
  err: (error: unknown) => loggableError(error),
  // @fastify/multipart hands over all headers of an upload, at the level trace: the token is among them.
  busboyOptions: ({ limits }: { limits?: object }) => ({ limits }),
};

/**
 * The process's logger. Lines are JSON, or pretty on a terminal.
 *
 * What must not be in a log is not handed to it: no header, body or query string is ever logged, and of
 * errors only what {@link loggableError} lets through.
 */
export function createLogger({ log }: Config, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: log.level,
    base: null,
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

/** pino takes the message of an error for the line's where there is none; so do those who log it as both. */
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
