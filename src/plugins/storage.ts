import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { claimStorage } from '../storage/installation.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { StorageTables } from '../storage/tables.ts';

declare module 'fastify' {
  interface FastifyInstance {
    storage: Storage;
  }
}

/**
 * Provides file storage, in a folder or in S3. The server does not start if the storage is unavailable or
 * belongs to the database of another installation.
 */
export const storagePlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const storage = openStorage(config.storage);
    try {
      await storage.prepare();
      await claimStorage(app.database.as<StorageTables>(), storage);
    } catch (error) {
      await storage.close();
      throw error;
    }
    app.addHook('onClose', () => storage.close());
    app.decorate('storage', storage);
    app.readiness.add('storage', () => storage.check());
  },
  { name: 'storage', dependencies: ['database', 'health'] },
);
