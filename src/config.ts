import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { checkTogether, list } from './config-checks.ts';
import { ConfigError, readSetting } from './config-error.ts';
import type { DatabaseConfig } from './database/database.ts';
import { refuseOddNumbers } from './http/decimal-text.ts';
import { parseS3Url } from './storage/s3-url.ts';
import type { StorageConfig } from './storage/storage.ts';

const KIB = 1024;
const GIB = KIB ** 3;
/** In days. */
const ONE_SECOND = 1 / 86_400;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** libuv has no more. */
const MAX_POOL_THREADS = 1024;
/** Threads that stay free for files while all decoders and hashes are at work. */
const FILE_THREADS = 4;

const seconds = (description: string, fallback: number, minimum = 1) =>
  Type.Number({
    description: `${description}, in seconds`,
    default: fallback,
    minimum,
    maximum: 86_400,
  });
const days = (description: string, fallback: number) =>
  Type.Number({
    description: `${description}, in days`,
    default: fallback,
    minimum: ONE_SECOND,
    maximum: 3650,
  });
const count = (description: string, fallback: number, minimum = 1, maximum = 2 ** 48) =>
  Type.Integer({ description, default: fallback, minimum, maximum });
const oneOf = <const T extends string>(description: string, values: readonly [T, ...T[]]) =>
  Type.Unsafe<T>({ type: 'string', enum: values, default: values[0], description });
const text = (description: string, fallback = '') =>
  Type.String({ description, default: fallback });

/** Every environment variable that Tally reads; `scripts/start --help` prints this table. */
export const environmentSchema = Type.Object({
  PORT: count('TCP port to listen on', 8000, 1, 65_535),
  HOST: text('address to listen on; 0.0.0.0 opens Tally to the network', '127.0.0.1'),
  PUBLIC_URL: text(
    'the address clients use, without a path: issuer and audience of tokens (default: http://localhost:PORT)',
  ),
  DATA_DIR: text('folder for keys and data', './data'),
  DATABASE_URL: Type.String({
    description:
      'sqlite:FILE (in DATA_DIR unless absolute), postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME, which is for MariaDB too',
    default: 'sqlite:tally.db',
    pattern: '^(sqlite:.*[^/]|(postgres|postgresql)://.+|(mysql|mariadb)://[^/]+/[^/?]+.*)$',
  }),
  DATABASE_POOL_SIZE: count('most connections to a database server', 10, 1, 1000),
  DATABASE_TIMEOUT: seconds('longest time of one statement on a database server', 10),
  STORAGE_URL: Type.String({
    description:
      'file:FOLDER (in DATA_DIR unless absolute) or s3://BUCKET/PREFIX?region=REGION, with KEY:SECRET@ before the bucket unless the AWS tools find them by themselves, and &endpoint=URL where the server is not Amazon',
    default: 'file:files',
    pattern: '^(file:.+|s3://.+)$',
  }),
  STORAGE_CONNECTIONS: count(
    'most connections to S3 for reading, and as many for writing',
    100,
    1,
    10_000,
  ),
  STORAGE_TIMEOUT: seconds(
    'time in which S3 may send or take nothing; at most a third of BODY_IDLE_TIMEOUT counts',
    10,
    0.05,
  ),
  SWEEP_INTERVAL: seconds(
    'time between two searches for files that were left behind; 0 turns them off',
    3600,
    0,
  ),
  SWEEP_AGE: Type.Number({
    description: 'age at which a file in the storage that nothing refers to is removed, in hours',
    default: 24,
    minimum: 0,
    maximum: 8760,
  }),
  LOG_LEVEL: oneOf('least severe level that is logged', [
    'info',
    'trace',
    'debug',
    'warn',
    'error',
    'fatal',
    'silent',
  ]),
  LOG_FORMAT: oneOf('auto is pretty on a terminal and json elsewhere', ['auto', 'json', 'pretty']),
  TRUST_PROXY: text(
    'addresses of reverse proxies whose X-Forwarded-* headers count: comma-separated IPs, CIDRs, loopback, linklocal or uniquelocal',
  ),
  CORS_ORIGINS: text('origins whose pages may call the API: comma-separated, or * for all'),
  AUTH_MODE: oneOf(
    'who gets a token at POST /auth: open is anyone, as a guest; accounts is who has an account',
    ['open', 'accounts'],
  ),
  SESSION_LIFETIME: days('time after which a session ends however much it is used', 90),
  SESSION_IDLE_TIME: days('time after which a session ends that is not refreshed', 14),
  REFRESH_GRACE: seconds(
    'time for which the refresh token before the current one still works, once its answer is lost',
    30,
    0,
  ),
  AUDIT_LIFETIME: days(
    'time after which audit events, and the addresses in them, are removed',
    180,
  ),
  PASSWORD_MEMORY: count('memory of argon2id for one password, in KiB', 19_456, 8, 4 * 1024 ** 2),
  PASSWORD_PASSES: count('passes of argon2id over its memory', 2, 1, 1000),
  PASSWORD_LANES: count('lanes of argon2id', 1, 1, 64),
  PASSWORD_THREADS: count(
    'passwords that are hashed at once (default: as many as there are processors, at most 4)',
    Math.min(availableParallelism(), 4),
    1,
    64,
  ),
  PASSWORD_QUEUE: count('passwords that wait to be hashed; more get 503', 200, 0, 1e6),
  ATTEMPTS_PER_ACCOUNT: count(
    'failed sign-ins of an account until there are delays; one is forgotten every 15 minutes',
    10,
    1,
    1000,
  ),
  ATTEMPTS_PER_ADDRESS: count(
    'accounts that failed to sign in from an address, and have not since, until there are delays',
    100,
    1,
    1e6,
  ),
  REGISTRATIONS_PER_ADDRESS: count(
    'accounts that can be registered from an address before it has to wait; one more each minute',
    100,
    1,
    1e6,
  ),
  TOKEN_ALGORITHM: oneOf('algorithm of newly made signing keys', ['ES256', 'RS256', 'EdDSA']),
  TOKEN_AUDIENCE: text('audience (aud) of tokens (default: PUBLIC_URL)'),
  TOKEN_CACHE_SIZE: count('verified tokens that are remembered until they expire', 10_000, 0, 1e7),
  SIGNING_KEYS: text(
    'private JWK Set that replaces the key file, for replicas; scripts/rotate-keys --print makes it',
  ),
  SUM_MAX_BYTES: count('largest document for /sum, in bytes after decoding', GIB, 1, 64 * GIB),
  SUM_MAX_DEPTH: count('deepest nesting in a document', 1_000_000, 1, 1e8),
  SUM_MAX_DIGITS: count('most digits in one number', 10_000, 1, 1e6),
  SUM_MAX_EXPONENT: count('largest absolute exponent of a number', 10_000, 0, 1e6),
  SUM_MAX_MEMORY: count(
    'most memory of all documents in flight, in bytes, and as much again for decoding them; the largest get 503',
    256 * KIB ** 2,
    KIB ** 2,
    64 * GIB,
  ),
  SUM_MAX_RATIO: count(
    'most decoded bytes of a document for each compressed one, beyond the first mebibyte',
    100,
    1,
    1e6,
  ),
  SUM_COMPRESSED_IN_FLIGHT: count(
    'compressed documents that one client may have in flight; more get 429',
    32,
    1,
    1e6,
  ),
  SUM_THREADS: count(
    'threads that scan large documents (default: one less than there are processors, at most 3); 0 turns this off',
    Math.min(availableParallelism() - 1, 3),
    0,
    64,
  ),
  IMAGES_MAX_PIXELS: count('most pixels of an image', 50_000_000, 1, 1e9),
  IMAGES_MAX_SIDE: count('most pixels along a side of an image', 16_384, 1, 65_500),
  IMAGES_DECODERS: count(
    'images that are decoded at once (default: as many as there are processors)',
    availableParallelism(),
    1,
    256,
  ),
  UV_THREADPOOL_SIZE: count(
    'threads for decoders, password hashes and files (default: PASSWORD_THREADS + IMAGES_DECODERS + 4)',
    0,
    0,
    MAX_POOL_THREADS,
  ),
  IMAGES_QUEUE: count('images that wait to be decoded; more get 503', 256, 0, 1e6),
  IMAGES_PER_ACCOUNT: count(
    'uploads of one account in flight, of which more get 429; images of it that wait to be decoded, of which more get 503',
    32,
    1,
    1e6,
  ),
  IMAGES_TIMEOUT: seconds('longest time of decoding an image and making its thumbnails', 20),
  THUMBNAIL_PIXELS: count(
    'most pixels of thumbnails that are made at once; larger ones are made when they are first read',
    10_000_000,
    1,
    1e9,
  ),
  DOWNLOADS_PER_CLIENT: count(
    'downloads of images in flight of one account, or of links of one network; more get 429',
    64,
    1,
    1e6,
  ),
  SPOOL_BYTES: count(
    'most scratch space for copies of files from S3 while they are read, in bytes',
    2 * GIB,
    1024 * KIB,
  ),
  LINK_KEYS: text(
    'keys that sign links and replace the key file, for replicas; scripts/rotate-link-keys --print makes them',
  ),
  SEARCH_WORDS: count('most different words of a search for products', 10, 1, 100),
  SEARCH_READS: count(
    'most entries of the index of words that a search reads: 10,000 products of one word, 1,819 of ten',
    20_000,
    100,
    1e9,
  ),
  IDEMPOTENCY_LIFETIME: seconds(
    'time for which a request with an Idempotency-Key can be repeated',
    86_400,
  ),
  MAX_HEADER_BYTES: count('largest request header block, in bytes', 16 * KIB, KIB, 1024 * KIB),
  MAX_CONNECTIONS: count(
    'connections open at once, as far as the limit of open files leaves room; more are refused',
    10_000,
    1,
    1e6,
  ),
  MAX_CONNECTION_SHARE: Type.Number({
    description:
      'part of MAX_CONNECTIONS that one client network may hold; those of TRUST_PROXY may hold all',
    default: 0.2,
    minimum: 0.000001,
    maximum: 1,
  }),
  MAX_PIPELINED: count(
    'requests of a connection that wait for the answer to one before them; it closes after more',
    100,
    1,
    10_000,
  ),
  MAX_EVENT_LOOP_DELAY: seconds(
    'mean delay of the event loop above which requests get 503; 0 turns this off',
    1,
    0,
  ),
  HEADERS_TIMEOUT: seconds('time a client has to send its request header', 60),
  BODY_IDLE_TIMEOUT: seconds('time a connection may stall within a request', 30, 0.05),
  BODY_TIMEOUT: seconds('time a client has to send a body of JSON, other than for /sum', 30, 0.05),
  BODY_MIN_RATE: count(
    'least mean rate of a request body, in bytes a second after the first BODY_IDLE_TIMEOUT; 0 turns this off',
    1024,
    0,
    1e9,
  ),
  REQUEST_TIMEOUT: seconds('time a client has to send a whole request', 3600),
  KEEP_ALIVE_TIMEOUT: seconds('time an idle connection is kept', 72),
  SHUTDOWN_TIMEOUT: seconds('time that requests in flight have to finish after SIGTERM', 30),
});

export type Environment = Static<typeof environmentSchema>;

/** Everything that can be set, by subject. Durations are milliseconds, sizes bytes. */
export type Config = ReturnType<typeof arrange>;

/**
 * Reads the environment into one frozen object.
 *
 * @throws {ConfigError} naming every variable whose value does not fit.
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const env = readEnvironment(environment);
  checkTogether(env);
  return deepFreeze(arrange(env));
}

function readEnvironment(environment: NodeJS.ProcessEnv): Environment {
  // An empty value means "not set": compose files pass variables on that way.
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ''));
  refuseOddNumbers(environmentSchema, given);
  try {
    return envSchema<Environment>({
      schema: environmentSchema,
      data: given,
      env: false,
    });
  } catch (error) {
    throw new ConfigError(describe(error as EnvSchemaError), { cause: error });
  }
}

type EnvSchemaError = Error & {
  errors?: {
    keyword: string;
    instancePath: string;
    message?: string;
    params?: { allowedValues?: string[]; limit?: number };
  }[];
};

/** Names variables and rules, never values: a value may be a secret. */
function describe(error: EnvSchemaError): string {
  const lines = (error.errors ?? []).map(({ keyword, instancePath, message, params }) => {
    const name = instancePath.slice(1);
    const properties: Record<string, TSchema> = environmentSchema.properties;
    if (keyword === 'pattern') return `${name} is not ${properties[name]?.description}`;
    if (params?.limit === ONE_SECOND) return `${name} must be at least one second: 0.0000116 days`;
    const choices = params?.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
    return `${name} ${message}${choices}`;
  });
  return lines.length > 0 ? lines.join('; ') : error.message;
}

function arrange(env: Environment) {
  const publicUrl = env.PUBLIC_URL || `http://localhost:${env.PORT}`;
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl,
    dataDir: resolve(env.DATA_DIR),
    database: arrangeDatabase(env),
    threadPool: arrangeThreadPool(env),
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT },
    trustProxy: list(env.TRUST_PROXY),
    corsOrigins: list(env.CORS_ORIGINS),
    tokens: {
      issuer: publicUrl,
      audience: env.TOKEN_AUDIENCE || publicUrl,
      algorithm: env.TOKEN_ALGORITHM,
      cacheSize: env.TOKEN_CACHE_SIZE,
      signingKeys: env.SIGNING_KEYS,
    },
    authMode: env.AUTH_MODE,
    accounts: {
      sessionLifetime: env.SESSION_LIFETIME * DAY,
      sessionIdleTime: env.SESSION_IDLE_TIME * DAY,
      refreshGrace: env.REFRESH_GRACE * 1000,
      auditLifetime: env.AUDIT_LIFETIME * DAY,
      hash: {
        memory: env.PASSWORD_MEMORY,
        passes: env.PASSWORD_PASSES,
        lanes: env.PASSWORD_LANES,
        threads: env.PASSWORD_THREADS,
        queue: env.PASSWORD_QUEUE,
      },
      attempts: { perAccount: env.ATTEMPTS_PER_ACCOUNT, perAddress: env.ATTEMPTS_PER_ADDRESS },
      registrationsPerAddress: env.REGISTRATIONS_PER_ADDRESS,
    },
    sum: {
      maxBytes: env.SUM_MAX_BYTES,
      maxDepth: env.SUM_MAX_DEPTH,
      maxDigits: env.SUM_MAX_DIGITS,
      maxExponent: env.SUM_MAX_EXPONENT,
      maxMemory: env.SUM_MAX_MEMORY,
      maxRatio: env.SUM_MAX_RATIO,
      compressedInFlight: env.SUM_COMPRESSED_IN_FLIGHT,
      threads: env.SUM_THREADS,
    },
    search: { words: env.SEARCH_WORDS, reads: env.SEARCH_READS },
    idempotencyLifetime: env.IDEMPOTENCY_LIFETIME * 1000,
    storage: arrangeStorage(env),
    images: {
      maxPixels: env.IMAGES_MAX_PIXELS,
      maxSide: env.IMAGES_MAX_SIDE,
      decoders: env.IMAGES_DECODERS,
      queue: env.IMAGES_QUEUE,
      perAccount: env.IMAGES_PER_ACCOUNT,
      timeout: env.IMAGES_TIMEOUT * 1000,
      thumbnailPixels: env.THUMBNAIL_PIXELS,
      linkKeys: env.LINK_KEYS,
      downloads: {
        perClient: env.DOWNLOADS_PER_CLIENT,
        spoolBytes: env.SPOOL_BYTES,
        streams: Math.max(1, Math.floor(env.STORAGE_CONNECTIONS / 2)),
        // With STORAGE_TIMEOUT before it, less than BODY_IDLE_TIMEOUT.
        deadline: (env.BODY_IDLE_TIMEOUT * 1000) / 2,
      },
      sweep: { interval: env.SWEEP_INTERVAL * 1000, age: sweepAge(env) },
    },
    limits: {
      headerBytes: env.MAX_HEADER_BYTES,
      connections: env.MAX_CONNECTIONS,
      connectionShare: env.MAX_CONNECTION_SHARE,
      pipelined: env.MAX_PIPELINED,
      eventLoopDelay: env.MAX_EVENT_LOOP_DELAY * 1000,
      headersTimeout: env.HEADERS_TIMEOUT * 1000,
      bodyIdleTimeout: env.BODY_IDLE_TIMEOUT * 1000,
      bodyTimeout: env.BODY_TIMEOUT * 1000,
      bodyMinRate: env.BODY_MIN_RATE,
      requestTimeout: env.REQUEST_TIMEOUT * 1000,
      keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT * 1000,
      shutdownTimeout: env.SHUTDOWN_TIMEOUT * 1000,
    },
  };
}

function arrangeThreadPool(env: Environment) {
  const busy = env.PASSWORD_THREADS + env.IMAGES_DECODERS;
  const size = env.UV_THREADPOOL_SIZE || Math.min(busy + FILE_THREADS, MAX_POOL_THREADS);
  return { size, isFilled: size <= busy };
}

/** An upload's object is there before its row, which a database server may keep waiting for a few statements. */
function sweepAge(env: Environment): number {
  const slowestRow = env.DATABASE_URL.startsWith('sqlite:') ? 0 : 10 * env.DATABASE_TIMEOUT * 1000;
  return Math.max(env.SWEEP_AGE * HOUR, slowestRow);
}

function arrangeDatabase(env: Environment): DatabaseConfig {
  const [, scheme = '', rest = ''] = /^(\w+):(.*)$/s.exec(env.DATABASE_URL) ?? [];
  const common = { poolSize: env.DATABASE_POOL_SIZE, timeout: env.DATABASE_TIMEOUT * 1000 };
  if (scheme === 'sqlite') {
    const location = resolve(env.DATA_DIR, rest.replace(/^\/\//, ''));
    return { kind: 'sqlite', location, ...common };
  }
  const kind = scheme.startsWith('postgres') ? 'postgres' : 'mysql';
  return { kind, location: env.DATABASE_URL, ...common };
}

function arrangeStorage(env: Environment): StorageConfig {
  const [, folder] = /^file:(?:\/\/)?(.+)$/s.exec(env.STORAGE_URL) ?? [];
  if (folder !== undefined) return { kind: 'file', folder: resolve(env.DATA_DIR, folder) };
  return {
    kind: 's3',
    scratchFolder: join(resolve(env.DATA_DIR), 'scratch'),
    connections: env.STORAGE_CONNECTIONS,
    // A reader whose connection has been idle for that time is cut off, and is to have its answer before.
    timeout: Math.min(env.STORAGE_TIMEOUT, env.BODY_IDLE_TIMEOUT / 3) * 1000,
    ...readSetting('STORAGE_URL', 'it is file:FOLDER or s3://BUCKET/PREFIX', () =>
      parseS3Url(env.STORAGE_URL),
    ),
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}

/** The table that `--help` prints: name, meaning, default. */
export function describeEnvironment(): string {
  const settings = Object.entries<TSchema>(environmentSchema.properties);
  const width = Math.max(...settings.map(([name]) => name.length)) + 2;
  const rows = settings.map(([name, schema]) => {
    const choices = schema.enum ? ` (${(schema.enum as string[]).join(', ')})` : '';
    const fallback = schema.default === '' ? '' : ` [${schema.default}]`;
    return `  ${name.padEnd(width)}${schema.description}${choices}${fallback}`;
  });
  return rows.join('\n');
}
