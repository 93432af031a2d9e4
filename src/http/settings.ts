import {
  bytes,
  computed,
  count,
  divided,
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
  PUBLIC_URL: computed(
    'http://localhost:PORT',
    text('address that clients use, without a path; issuer and audience of tokens'),
  ),
  TRUST_PROXY: text(
    'reverse proxies whose X-Forwarded-* headers count: comma-separated IPs, CIDRs, loopback, linklocal or uniquelocal',
  ),
  CORS_ORIGINS: text('origins whose pages may call the API: comma-separated, or * for all'),
  MAX_HEADER_BYTES: bytes('largest request header block', 16 * KIB, KIB, MIB),
  MAX_BODY_BYTES: bytes(
    'largest body of a request, except for /sum and uploads',
    128 * KIB,
    KIB,
    MIB,
  ),
  MAX_CONNECTIONS: divided(
    count(
      'open connections; fewer where the limit of open files leaves no room, which the log says',
      10_000,
      1,
      1e6,
    ),
  ),
  MAX_CONNECTION_SHARE: fraction(
    'part of MAX_CONNECTIONS that one client may hold: an IPv4 address or an IPv6 /64; the proxies of TRUST_PROXY may hold all',
    0.2,
  ),
  MAX_PIPELINED: count(
    'requests of a connection that may wait for the answer to one before them; after more, it answers those and closes',
    100,
    1,
    10_000,
  ),
  MAX_PIPELINED_PER_CLIENT: count(
    'such requests of one client on all of its connections; the connection with one more is closed',
    2000,
    1,
    1e6,
  ),
  MAX_IN_FLIGHT_PER_CLIENT: count(
    'requests of one client that may be in flight at once; more get 429; 0 is off',
    500,
    0,
    1e6,
  ),
  MAX_EVENT_LOOP_DELAY: seconds(
    'mean event-loop delay above which requests get 503; 0 is off',
    1,
    0,
  ),
  HEADERS_TIMEOUT: seconds('time a client has to send its request header', 60),
  BODY_IDLE_TIMEOUT: seconds('time a connection may stall within a request', 30, 0.05),
  BODY_TIMEOUT: seconds(
    'time a client has to send a body of JSON, except for /sum and images',
    30,
    0.05,
  ),
  BODY_MIN_RATE: bytes(
    'rate per second that a body needs on average after its first BODY_IDLE_TIMEOUT; 0 is off',
    1024,
    0,
    1e9,
  ),
  REQUEST_TIMEOUT: seconds(
    'time a client has to send a whole request; not below HEADERS_TIMEOUT',
    3600,
  ),
  KEEP_ALIVE_TIMEOUT: seconds('time an idle connection is kept', 72),
  SHUTDOWN_DELAY: seconds(
    'time after SIGTERM for which requests are still accepted, so that load balancers notice first that it is not ready',
    0,
    0,
  ),
  SHUTDOWN_TIMEOUT: seconds(
    'time that requests in flight have to finish after SIGTERM and SHUTDOWN_DELAY',
    30,
  ),
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
    maxPipelinedPerClient: env.MAX_PIPELINED_PER_CLIENT,
    maxInFlightPerClient: env.MAX_IN_FLIGHT_PER_CLIENT,
    maxEventLoopDelay: env.MAX_EVENT_LOOP_DELAY * 1000,
    headersTimeout: env.HEADERS_TIMEOUT * 1000,
    bodyIdleTimeout: env.BODY_IDLE_TIMEOUT * 1000,
    bodyTimeout: env.BODY_TIMEOUT * 1000,
    bodyMinRate: env.BODY_MIN_RATE,
    requestTimeout: env.REQUEST_TIMEOUT * 1000,
    keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT * 1000,
    shutdownDelay: env.SHUTDOWN_DELAY * 1000,
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
