import {
  count,
  EMPTY_OR_VISIBLE,
  fraction,
  KIB,
  list,
  MIB,
  seconds,
  text,
  type Values,
} from '../setting-types.ts';
import { createTrust } from './trusted-proxies.ts';

export const httpVariables = {
  PORT: count('TCP port to listen on', 8000, 1, 65_535),
  HOST: text(
    'address to listen on; 0.0.0.0 opens Tally to the network',
    '127.0.0.1',
    EMPTY_OR_VISIBLE,
  ),
  PUBLIC_URL: text('address that clients use, without a path (default: http://localhost:PORT)'),
  TRUST_PROXY: text(
    'reverse proxies whose X-Forwarded-* headers count: comma-separated IPs, CIDRs, loopback, linklocal or uniquelocal',
  ),
  CORS_ORIGINS: text('origins whose pages may call the API: comma-separated, or * for all'),
  MAX_HEADER_BYTES: count('largest request header block, in bytes', 16 * KIB, KIB, MIB),
  MAX_BODY_BYTES: count('largest body of JSON, in bytes, except for /sum', 128 * KIB, KIB, MIB),
  MAX_CONNECTIONS: count('open connections, if the open-file limit allows them', 10_000, 1, 1e6),
  MAX_CONNECTION_SHARE: fraction('part of MAX_CONNECTIONS for one client network', 0.2),
  MAX_PIPELINED: count('requests that may wait on one connection; more close it', 100, 1, 10_000),
  MAX_EVENT_LOOP_DELAY: seconds(
    'mean event-loop delay above which requests get 503; 0 is off',
    1,
    0,
  ),
  HEADERS_TIMEOUT: seconds('time a client has to send its request header', 60),
  BODY_IDLE_TIMEOUT: seconds('time a connection may stall within a request', 30, 0.05),
  BODY_TIMEOUT: seconds('time a client has to send a body of JSON, except for /sum', 30, 0.05),
  BODY_MIN_RATE: count(
    'least bytes per second of a body, after BODY_IDLE_TIMEOUT; 0 is off',
    1024,
    0,
    1e9,
  ),
  REQUEST_TIMEOUT: seconds('time a client has to send a whole request', 3600),
  KEEP_ALIVE_TIMEOUT: seconds('time an idle connection is kept', 72),
  SHUTDOWN_TIMEOUT: seconds('time that requests in flight have to finish after SIGTERM', 30),
};

type HttpEnvironment = Values<typeof httpVariables>;

/** Durations are milliseconds, sizes bytes. */
export function toHttpSettings(env: HttpEnvironment) {
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL || `http://localhost:${env.PORT}`,
    trustProxy: list(env.TRUST_PROXY),
    corsOrigins: list(env.CORS_ORIGINS),
    maxHeaderBytes: env.MAX_HEADER_BYTES,
    maxBodyBytes: env.MAX_BODY_BYTES,
    maxConnections: env.MAX_CONNECTIONS,
    maxConnectionShare: env.MAX_CONNECTION_SHARE,
    maxPipelined: env.MAX_PIPELINED,
    maxEventLoopDelay: env.MAX_EVENT_LOOP_DELAY * 1000,
    headersTimeout: env.HEADERS_TIMEOUT * 1000,
    bodyIdleTimeout: env.BODY_IDLE_TIMEOUT * 1000,
    bodyTimeout: env.BODY_TIMEOUT * 1000,
    bodyMinRate: env.BODY_MIN_RATE,
    requestTimeout: env.REQUEST_TIMEOUT * 1000,
    keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT * 1000,
    shutdownTimeout: env.SHUTDOWN_TIMEOUT * 1000,
  };
}

/** Lists what is wrong with these variables beyond their types. */
export function findHttpFaults(env: HttpEnvironment): (string | false | undefined)[] {
  return [
    env.REQUEST_TIMEOUT < env.HEADERS_TIMEOUT &&
      'REQUEST_TIMEOUT must not be below HEADERS_TIMEOUT, which it includes',
    publicUrlFault(env.PUBLIC_URL),
    originsFault(env.CORS_ORIGINS),
    proxiesFault(env.TRUST_PROXY),
  ];
}

function publicUrlFault(text: string): string | undefined {
  if (text === '') return undefined;
  const [, host, path] = /^https?:\/\/([^/?#\s]+)([/?#].*)?$/s.exec(text) ?? [];
  if (host === undefined || !URL.canParse(text)) {
    return 'PUBLIC_URL is not a URL such as https://tally.example';
  }
  if (path === '/') return 'PUBLIC_URL must not end with a slash';
  return (
    path &&
    'PUBLIC_URL must end after the host name and port, because Tally is served below no path'
  );
}

function originsFault(text: string): string | undefined {
  const isOrigin = (item: string) => item === '*' || URL.parse(item)?.origin === item;
  const odd = list(text).find((item) => !isOrigin(item));
  return odd && `CORS_ORIGINS: "${odd}" is neither * nor an origin such as https://app.example`;
}

function proxiesFault(text: string): string | undefined {
  try {
    createTrust(list(text));
    return undefined;
  } catch (error) {
    return `TRUST_PROXY: ${(error as Error).message}; list the addresses of your reverse proxies`;
  }
}
