import { availableParallelism } from 'node:os';
import { commandLine } from '../../command-line.ts';
import type { DatabaseConfig } from '../../database/database.ts';
import {
  bytes,
  computed,
  count,
  DAY_MS,
  divided,
  GIB,
  HOUR_MS,
  hours,
  MIB,
  seconds,
  text,
  type Values,
} from '../../setting-types.ts';

/** Statements that an upload's row may wait for, one after the other, on a database server. */
const MAX_STATEMENTS_BEFORE_ROW = 10;

const DECODERS = availableParallelism();

export const imageVariables = {
  IMAGES_MAX_PIXELS: count('most pixels of an image', 50_000_000, 1, 1e9),
  IMAGES_MAX_SIDE: count('most pixels along a side of an image', 16_384, 1, 65_500),
  IMAGES_DECODERS: computed(
    'processors',
    divided(count('images decoded at once', DECODERS, 1, 256)),
  ),
  IMAGES_QUEUE: divided(count('images that may wait to be decoded; more get 503', 256, 0, 1e6)),
  IMAGES_PER_ACCOUNT: count('uploads in flight, and images waiting, per account', 32, 1, 1e6),
  IMAGES_TIMEOUT: seconds('longest time of decoding an image and making its thumbnails', 20),
  THUMBNAIL_PIXELS: count(
    'pixels above which a thumbnail is made when first read',
    10_000_000,
    1,
    1e9,
  ),
  DOWNLOADS_PER_CLIENT: count(
    'downloads in flight per account, or of signed addresses and links per network (an IPv4 address, an IPv6 /64); more get 429',
    256,
    1,
    1e6,
  ),
  SPOOL_BYTES: divided(
    bytes('scratch space for copies of files that are being read from S3', 2 * GIB, MIB),
  ),
  LINK_KEYS: text(
    `keys that sign links and replace the key file, for replicas; ${commandLine('rotate-link-keys')} --print makes them`,
  ),
  IMAGE_URL_LIFETIME: count(
    'seconds for which signed addresses of images work at least, and twice that at most; 0 is off: none is signed or accepted',
    DAY_MS / 1000,
    0,
    30 * (DAY_MS / 1000),
  ),
  SWEEP_INTERVAL: seconds('pause between two searches for unused files; 0 is off', 3600, 0),
  SWEEP_AGE: hours(
    'age at which an unused file is removed; with a database server at least ten times DATABASE_TIMEOUT',
    24,
  ),
};

/** Settings of other parts on which the limits of images depend. */
interface Surroundings {
  database: DatabaseConfig;
  storageConnections: number;
  bodyIdleTimeout: number;
}

/** Durations are milliseconds, sizes bytes. */
export type ImageSettings = ReturnType<typeof toImageSettings>;

export function toImageSettings(
  env: Values<typeof imageVariables>,
  { database, storageConnections, bodyIdleTimeout }: Surroundings,
) {
  // An upload's object is there before its row, which a database server may keep waiting.
  const slowestRow = database.kind === 'sqlite' ? 0 : MAX_STATEMENTS_BEFORE_ROW * database.timeout;
  return {
    maxPixels: env.IMAGES_MAX_PIXELS,
    maxSide: env.IMAGES_MAX_SIDE,
    decoders: env.IMAGES_DECODERS,
    queue: env.IMAGES_QUEUE,
    perAccount: env.IMAGES_PER_ACCOUNT,
    timeout: env.IMAGES_TIMEOUT * 1000,
    thumbnailPixels: env.THUMBNAIL_PIXELS,
    linkKeys: env.LINK_KEYS,
    urlLifetime: env.IMAGE_URL_LIFETIME * 1000,
    downloads: {
      perClient: env.DOWNLOADS_PER_CLIENT,
      spoolBytes: env.SPOOL_BYTES,
      streams: Math.max(1, Math.floor(storageConnections / 2)),
      // With the timeout of the storage before it, less than bodyIdleTimeout.
      deadline: bodyIdleTimeout / 2,
    },
    sweep: {
      interval: env.SWEEP_INTERVAL * 1000,
      age: Math.max(env.SWEEP_AGE * HOUR_MS, slowestRow),
    },
  };
}
