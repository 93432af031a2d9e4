import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../../database/database.ts';
import { holdLease, type LeaseTables, releaseLease } from '../../../database/lease.ts';
import { checkOwner } from '../../../storage/installation.ts';
import {
  findAbandoned,
  HEARTBEAT_TIMEOUT_MS,
  listScratch,
  removeScratch,
  type ScratchEntries,
} from '../../../storage/scratch.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { StorageTables } from '../../../storage/tables.ts';
import type { Owners } from '../access.ts';
import type { FileRepository } from '../files/repository.ts';
import type { ImageRepository } from '../images/repository.ts';
import type { LinkRepository } from '../links/repository.ts';
import { findOrphans, findUnreachableImages, removeOrphans } from './garbage.ts';
import type { Removals } from './removals.ts';
import type { SweepRepository } from './repository.ts';

interface SweepSettings {
  /** Time between two sweeps, in milliseconds; 0 turns them off. */
  interval: number;
  /** Age from which an object without a row counts as left behind, in milliseconds. */
  age: number;
}

export interface SweeperDeps {
  leases: Database<LeaseTables>;
  installation: Database<StorageTables>;
  storage: Storage;
  images: ImageRepository;
  files: FileRepository;
  links: LinkRepository;
  rows: SweepRepository;
  findDeleted: Owners['findDeleted'];
  removals: Removals;
  log: FastifyBaseLogger;
  settings: SweepSettings;
  /** Returns milliseconds of a clock that is never set. */
  monotonicNow?: () => number;
}

/** Time for which an expired link keeps its row, in milliseconds: longer than a clock may be wrong. */
const EXPIRED_LINK_KEPT_MS = 7 * 86_400_000;
const LEASE = 'storage-sweep';

/**
 * Removes whatever processes that were killed have left behind, the images of deleted accounts, and links that
 * expired long ago. A scratch folder or an object is removed only if two sweeps found it unchanged: in between,
 * a living process touches its scratch folder, and gives its objects their rows. So no clock has to be right.
 */
export function createSweeper(deps: SweeperDeps) {
  const { leases, installation, storage, links, removals, log, settings } = deps;
  const { monotonicNow = () => performance.now() } = deps;
  const lease = { name: LEASE, holder: randomUUID() };
  const scratchLooks = createLooks<ScratchEntries>();
  const orphanLooks = createLooks<ReadonlySet<string>>();
  const closing = new AbortController();
  let inFlight: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    await sweepScratch(deps, scratchLooks, monotonicNow());
    removals.start();
    await removals.settled();
    // The lease outlasts an interval, because this process alone knows what it has seen once.
    if (!(await holdLease(leases, { ...lease, ms: 3 * settings.interval }))) {
      orphanLooks.forget();
      return;
    }
    await checkOwner(installation, storage);
    await deleteUnreachableImages(deps, closing.signal);
    const count = await links.deleteExpired(Date.now() - EXPIRED_LINK_KEPT_MS);
    if (count > 0) log.info({ links: count }, 'removed links that have expired');
    await sweepOrphans();
  }

  async function sweepOrphans(): Promise<void> {
    const at = monotonicNow();
    const { keys } = await findOrphans(deps, settings.age);
    const before = orphanLooks.replace(at, new Set(keys));
    const seenTwice = keys.filter((key) => before?.has(key));
    if (seenTwice.length === 0 || closing.signal.aborted) return;
    const objects = await removeOrphans(deps, seenTwice);
    log.info({ objects }, 'removed objects left behind');
  }

  return {
    /** Sweeps now, or joins the sweep that is in flight. */
    sweep(): Promise<void> {
      inFlight ??= sweep().finally(() => {
        inFlight = undefined;
      });
      return inFlight;
    },

    async close(): Promise<void> {
      closing.abort();
      await inFlight?.catch(() => undefined);
      await removals.settled();
      if (settings.interval === 0) return;
      await releaseLease(leases, lease).catch((error) => {
        log.warn({ err: error }, 'the lease of the sweep could not be released; it will expire');
      });
    },
  };
}

async function sweepScratch(
  { storage, log }: SweeperDeps,
  looks: Looks<ScratchEntries>,
  at: number,
): Promise<void> {
  const now = await listScratch(storage.scratchFolder);
  const before = looks.replace(at, now);
  const paths = before ? findAbandoned(before, now) : [];
  await removeScratch(paths);
  if (paths.length > 0) log.info({ folders: paths.length }, 'removed scratch files left behind');
}

async function deleteUnreachableImages(
  { rows, findDeleted, images, removals, log }: SweeperDeps,
  closing: AbortSignal,
): Promise<void> {
  const ids = await findUnreachableImages(rows, findDeleted);
  for (const id of ids) {
    if (closing.aborted) return;
    await images.delete(id);
  }
  if (ids.length === 0) return;
  log.info({ images: ids.length }, 'removed images of deleted accounts');
  removals.start();
  await removals.settled();
}

type Looks<T> = ReturnType<typeof createLooks<T>>;

/** Remembers the last look at something that another process may be changing. */
function createLooks<T>() {
  let last: { at: number; seen: T } | undefined;
  return {
    /** Replaces the last look and returns it, unless it was too recent to tell a dead process from a living one. */
    replace(at: number, seen: T): T | undefined {
      if (last && at - last.at < HEARTBEAT_TIMEOUT_MS) return undefined;
      const before = last?.seen;
      last = { at, seen };
      return before;
    },
    forget(): void {
      last = undefined;
    },
  };
}
