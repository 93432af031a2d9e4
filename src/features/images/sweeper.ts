import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../database/database.ts';
import { holdLease, type LeaseTables, releaseLease } from '../../database/lease.ts';
import { checkOwner } from '../../storage/installation.ts';
import {
  findAbandoned,
  HEARTBEAT_TIMEOUT_MS,
  listScratch,
  removeScratch,
  type ScratchEntries,
} from '../../storage/scratch.ts';
import type { Storage } from '../../storage/storage.ts';
import type { StorageTables } from '../../storage/tables.ts';
import { findDeadImages, findOrphans, removeOrphans } from './garbage.ts';
import type { Removals } from './removals.ts';
import type { ImageRepository } from './repositories/images.ts';
import type { LinkRepository } from './repositories/links.ts';
import type { ImageTables } from './tables.ts';

export interface SweepSettings {
  /** Time between two sweeps, in milliseconds; 0 turns them off. */
  interval: number;
  /** Age at which an object without a row counts as left behind, in milliseconds. */
  age: number;
}

export interface SweeperDeps {
  database: Database<ImageTables>;
  storage: Storage;
  images: ImageRepository;
  links: LinkRepository;
  removals: Removals;
  log: FastifyBaseLogger;
  settings: SweepSettings;
  /** Milliseconds of a clock that nobody sets. */
  monotonicNow?: () => number;
}

/** Objects that could not be removed at once are tried again so often, in milliseconds. */
const RETRY_INTERVAL = 60_000;
/** Time for which an expired link keeps its row, in milliseconds: longer than a clock may be wrong. */
const LINK_REMAINS = 7 * 86_400_000;
const LEASE = 'storage-sweep';

export type Sweeper = ReturnType<typeof createSweeper>;

/**
 * Removes at intervals what processes that were killed have left behind, the images of accounts that were
 * deleted, and links that expired long ago. Nothing is removed that was seen only once: between two sweeps a living process touches its scratch
 * folder, and gives its objects their rows. No clock that could be wrong is needed for that.
 */
export function createSweeper(deps: SweeperDeps) {
  const { database, storage, images, links, removals, log, settings } = deps;
  const { monotonicNow = () => performance.now() } = deps;
  const holder = randomUUID();
  const lease = { name: LEASE, holder };
  const leases = database.as<LeaseTables>();
  let looked: { at: number; scratch: ScratchEntries } | undefined;
  let suspected: { at: number; keys: Set<string> } | undefined;
  let underWay: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let isClosing = false;

  async function sweep(): Promise<void> {
    await sweepScratch();
    removals.soon();
    await removals.settled();
    // For longer than one interval: what was seen once is known to this process alone.
    if (!(await holdLease(leases, { ...lease, ms: 3 * settings.interval }))) {
      suspected = undefined;
      return;
    }
    await checkOwner(database.as<StorageTables>(), storage);
    await removeDeadImages();
    await removeExpiredLinks();
    await sweepObjects();
  }

  async function sweepScratch(): Promise<void> {
    const now = { at: monotonicNow(), scratch: await listScratch(storage.scratchFolder) };
    const isLongEnough = looked && now.at - looked.at >= HEARTBEAT_TIMEOUT_MS;
    if (looked && !isLongEnough) return;
    const paths = looked ? findAbandoned(looked.scratch, now.scratch) : [];
    await removeScratch(paths);
    looked = now;
    if (paths.length > 0) log.info({ folders: paths.length }, 'removed scratch files left behind');
  }

  async function removeDeadImages(): Promise<void> {
    const ids = await findDeadImages(database);
    for (const id of ids) {
      if (isClosing) return;
      await images.remove(id);
    }
    if (ids.length === 0) return;
    log.info({ images: ids.length }, 'removed images of deleted accounts');
    removals.soon();
    await removals.settled();
  }

  async function removeExpiredLinks(): Promise<void> {
    const count = await links.removeExpired(Date.now() - LINK_REMAINS);
    if (count > 0) log.info({ links: count }, 'removed links that have expired');
  }

  async function sweepObjects(): Promise<void> {
    const at = monotonicNow();
    const { keys } = await findOrphans({ database, storage }, settings.age);
    const before = suspected;
    const isLongEnough = before && at - before.at >= HEARTBEAT_TIMEOUT_MS;
    const twice = isLongEnough ? keys.filter((key) => before.keys.has(key)) : [];
    if (!before || isLongEnough) suspected = { at, keys: new Set(keys) };
    if (twice.length === 0 || isClosing) return;
    const objects = await removeOrphans({ database, storage }, twice);
    log.info({ objects }, 'removed objects left behind');
  }

  /** Runs `work` unless something runs already; errors are logged, and the next run tries again. */
  function runAlone(work: () => Promise<void>): Promise<void> {
    underWay ??= work()
      .catch((error) => log.warn({ err: error }, 'the sweep of the storage failed'))
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  }

  async function tick(): Promise<void> {
    if (monotonicNow() - sweptAt < settings.interval) {
      removals.soon();
      return;
    }
    sweptAt = monotonicNow();
    await runAlone(sweep);
  }

  return {
    start(): void {
      if (settings.interval === 0) return;
      const often = Math.min(settings.interval, RETRY_INTERVAL);
      timer = setInterval(() => void tick(), often).unref();
    },
    /** One sweep, now. */
    sweep: () => runAlone(sweep),
    async close(): Promise<void> {
      isClosing = true;
      clearInterval(timer);
      await underWay;
      await removals.settled();
      if (settings.interval > 0) {
        await releaseLease(leases, lease).catch((error) => {
          log.warn({ err: error }, 'the lease of the sweep could not be released; it will expire');
        });
      }
    },
  };
}
