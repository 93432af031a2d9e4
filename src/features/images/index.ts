import type { FastifyInstance } from 'fastify';
import type { LeaseTables } from '../../database/lease.ts';
import { sweepRegularly } from '../../http/sweep.ts';
import { openKeys } from '../../key-file.ts';
import type { StorageTables } from '../../storage/tables.ts';
import { createAccess, type Owners, type ResolveTier } from './access.ts';
import { createImageUrls } from './files/image-urls.ts';
import { createThumbnailMaker } from './files/late-thumbnails.ts';
import { createFileRepository } from './files/repository.ts';
import { fileRoutes } from './files/routes.ts';
import { createFileService } from './files/service.ts';
import { createStoredFiles } from './files/stored-files.ts';
import { createImageRepository } from './images/repository.ts';
import { imageRoutes } from './images/routes.ts';
import { imageSchemas } from './images/schemas.ts';
import { createImageService } from './images/service.ts';
import { uploadRoute } from './images/upload-route.ts';
import { createUploads } from './images/uploads.ts';
import { linkKeyStore, makeLinkKey, readLinkKeys } from './links/keys.ts';
import { createLinkRepository } from './links/repository.ts';
import { linkRoutes } from './links/routes.ts';
import { linkSchemas } from './links/schemas.ts';
import { createLinkService } from './links/service.ts';
import { createLinkTokens } from './links/tokens.ts';
import { createRenderer } from './rendering/renderer.ts';
import type { ImageSettings } from './settings.ts';
import { createRemovals, type Removals } from './sweep/removals.ts';
import { createSweepRepository } from './sweep/repository.ts';
import { createSweeper } from './sweep/sweeper.ts';
import type { ImageTables } from './tables.ts';

export interface ImagesOptions {
  settings: ImageSettings;
  owners: Owners;
  resolveTier: ResolveTier;
  dataDir: string;
  /** The beginning of links. */
  publicUrl: string;
}

/** Images, their files and links. Needs the decorators `database`, `idempotency` and `storage`, and scopes. */
export async function imagesFeature(app: FastifyInstance, options: ImagesOptions) {
  const { settings, owners, resolveTier, publicUrl } = options;
  for (const schema of [...linkSchemas, ...imageSchemas]) app.addSchema(schema);
  const { storage, idempotency } = app;
  const rows = createRows(app);
  const access = createAccess(owners, resolveTier);
  const renderer = createRenderer(settings);
  const stored = createStoredFiles(storage, settings.downloads);
  const removals = createRemovals({ rows: rows.sweep, storage, log: app.log });

  const uploads = createUploads({ ...rows, owners, resolveTier, storage, renderer, idempotency });
  const images = createImageService({ ...rows, access, resolveTier, removals });
  const makeThumbnail = createThumbnailMaker({
    ...rows,
    storage,
    stored,
    renderer,
    limits: settings,
  });
  const files = createFileService({ ...rows, access, stored, makeThumbnail });
  const linkKeys = openKeys(app, linkKeyStore({ dataDir: options.dataDir, images: settings }), {
    create: () => ({ keys: [makeLinkKey()] }),
    parse: readLinkKeys,
  });
  const urls = createImageUrls({ keys: linkKeys, publicUrl, lifetime: settings.urlLifetime });
  const tokens = createLinkTokens(linkKeys);
  const links = createLinkService({ links: rows.links, images, tokens, idempotency, publicUrl });

  addSweeper(app, { rows, removals, owners, settings: settings.sweep });
  const { scratchFolder } = storage;
  const { perAccount } = settings;
  await app.register(uploadRoute, { uploads, links, urls, scratchFolder, publicUrl, perAccount });
  await app.register(imageRoutes, { images, urls, publicUrl });
  await app.register(fileRoutes, { links, urls, files, perClient: settings.downloads.perClient });
  await app.register(linkRoutes, { links, publicUrl });
}

type Rows = ReturnType<typeof createRows>;

function createRows(app: FastifyInstance) {
  const database = app.database.as<ImageTables>();
  return {
    images: createImageRepository(database),
    files: createFileRepository(database),
    links: createLinkRepository(database),
    sweep: createSweepRepository(database),
  };
}

/** Longest time between two attempts to remove objects from the storage, in milliseconds. */
const RETRY_INTERVAL_MS = 60_000;

function addSweeper(
  app: FastifyInstance,
  { rows, removals, owners, settings }: SweepOptions,
): void {
  const sweeper = createSweeper({
    ...rows,
    rows: rows.sweep,
    leases: app.database.as<LeaseTables>(),
    installation: app.database.as<StorageTables>(),
    storage: app.storage,
    findDeleted: owners.findDeleted,
    removals,
    log: app.log,
    settings,
  });
  app.addHook('onClose', () => sweeper.close());
  if (settings.interval === 0) return;
  let nextSweep = 0;
  sweepRegularly(app, {
    interval: Math.min(settings.interval, RETRY_INTERVAL_MS),
    async run() {
      if (performance.now() < nextSweep) return removals.start();
      nextSweep = performance.now() + settings.interval;
      await sweeper.sweep();
    },
    failure: 'the sweep of the storage failed',
  });
}

interface SweepOptions {
  rows: Rows;
  removals: Removals;
  owners: Owners;
  settings: ImageSettings['sweep'];
}
