import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';

const serializers = {
  // @fastify/multipart hands over all headers of an upload, at the level trace: the token is among them.
  busboyOptions: ({ limits }: { limits?: object }) => ({ limits }),
};

/**
 * The process's logger. Lines are JSON, or pretty on a terminal.
 *
 * What must not be in a log is not handed to it: no header, body or query string is ever logged.
 */
export function createLogger({ log }: Config, destination?: DestinationStream): Logger {
  const options = { level: log.level, base: null, serializers };
  if (destination) return pino(options, destination);
  const pretty = log.format === 'pretty' || (log.format === 'auto' && process.stdout.isTTY);
  if (!pretty) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
  });
}
