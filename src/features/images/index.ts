import type { FastifyInstance } from 'fastify';
import { openKeys } from '../../key-file.ts';
import { createTierRepository } from '../tiers/repository.ts';
import { tierRoutes } from '../tiers/routes.ts';
import { createTierService } from '../tiers/service.ts';
import { createFileService } from './file-service.ts';
import { createImageService } from './image-service.ts';
import { createThumbnailMaker } from './late-thumbnails.ts';
import { linkKeyStore, makeLinkKey, readLinkKeys } from './link-keys.ts';
import { createLinkService } from './link-service.ts';
import { createLinkTokens } from './link-tokens.ts';
import { createRemovals } from './removals.ts';
import { createRenderer } from './renderer.ts';
import { createImageRepository } from './repositories/images.ts';
import { createLinkRepository } from './repositories/links.ts';
import { fileRoutes } from './routes/files.ts';
import { imageRoutes } from './routes/images.ts';
import { linkRoutes } from './routes/links.ts';
import { namedSchemas } from './schemas.ts';
import type { ImageSettings } from './settings.ts';
import { createStoredFiles } from './stored-files.ts';
import { createSweeper } from './sweeper.ts';
import type { ImageTables } from './tables.ts';

export interface ImagesOptions {
  settings: ImageSettings;
  dataDir: string;
  /** What links begin with. */
  publicUrl: string;
}

/** Images and tiers. Needs the decorators `database`, `idempotency`, `storage` and `requireScope`. */
export async function imagesFeature(app: FastifyInstance, options: ImagesOptions) {
  const { settings, publicUrl } = options;
  for (const schema of namedSchemas) app.addSchema(schema);
  const { storage } = app;
  const database = app.database.as<ImageTables>();
  const tiers = createTierRepository(database);
  const renderer = createRenderer(settings);
  const repository = createImageRepository(database);
  const removals = createRemovals({ database, storage, log: app.log });
  const images = createImageService({
    images: repository,
    tiers,
    storage,
    renderer,
    removals,
    idempotency: app.idempotency,
  });
  const stored = createStoredFiles(storage, settings.downloads);
  const makeThumbnail = createThumbnailMaker({
    images: repository,
    storage,
    stored,
    renderer,
    limits: settings,
  });
  const files = createFileService({ images: repository, tiers, stored, makeThumbnail });
  const linkKeys = openKeys(app, linkKeyStore({ dataDir: options.dataDir, images: settings }), {
    create: () => ({ keys: [makeLinkKey()] }),
    parse: readLinkKeys,
  });
  const tokens = createLinkTokens(linkKeys);
  const linkRows = createLinkRepository(database);
  const links = createLinkService({
    links: linkRows,
    tiers,
    images,
    tokens,
    idempotency: app.idempotency,
  });

  const sweeper = createSweeper({
    database,
    storage,
    images: repository,
    links: linkRows,
    removals,
    log: app.log,
    settings: settings.sweep,
  });
  app.addHook('onReady', async () => sweeper.start());
  app.addHook('onClose', () => sweeper.close());

  const { scratchFolder } = storage;
  const { perAccount } = settings;
  await app.register(imageRoutes, { images, links, scratchFolder, publicUrl, perAccount });
  await app.register(fileRoutes, { links, files, perClient: settings.downloads.perClient });
  await app.register(linkRoutes, { links, publicUrl });
  await app.register(tierRoutes, { tiers: createTierService(tiers, app.idempotency), publicUrl });
}
