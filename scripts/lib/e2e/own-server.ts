import { startServerProcess } from '../../../test/helpers/process.ts';
import { createAdministrator } from '../administrator.ts';
import { DEFAULT_SETTINGS } from '../default-settings.ts';
import type { Run } from './steps.ts';
import type { Server } from './world.ts';

/** Starts a server with its own data, on a free port of loopback, and makes an administrator. */
export async function startOwnServer(run: Run): Promise<Server> {
  return run.step('starts a server with data of its own', async () => {
    const server = await startServerProcess({ ...DEFAULT_SETTINGS, LOG_LEVEL: 'warn' });
    server.child.stderr?.pipe(process.stderr);
    run.onEnd(async () => {
      await server.end('SIGTERM');
      await server.close();
    });
    const { url, dataDir } = server;
    const administrator = await createAdministrator({ ...DEFAULT_SETTINGS, DATA_DIR: dataDir });
    return { url, administrator };
  });
}
