import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { openStorage, type Storage } from '../storage/storage.ts';

declare module 'fastify' {
  interface FastifyInstance {
    storage: Storage;
  }
}

/** Where files are kept: a folder, or S3. A server whose storage does not answer does not start. */
export const storagePlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const storage = openStorage(config.storage);
    await storage.prepare();
    app.decorate('storage', storage);
    app.addHook('onClose', async () => storage.close());
  },
  { name: 'storage' },
);
