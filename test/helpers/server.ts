import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { buildApp } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { checkAgainstSpec } from './conformance.ts';
import { freePort } from './free-port.ts';
import { type ServerProcess, startServerProcess } from './process.ts';
import { HIGH_RATES } from './rates.ts';

export interface TestServer {
  app: FastifyInstance;
  config: Config;
  url: string;
  /** Returns the log so far. */
  logs(): string;
  close(): Promise<void>;
}

/**
 * Starts the real app in this process, on a free port of loopback, with a data folder of its own. Every response is
 * checked against the OpenAPI document; closing the server fails if one did not conform.
 *
 * `prepare` may add routes before the app is ready.
 */
export async function startServer(
  environment: Record<string, string> = {},
  prepare: (app: FastifyInstance) => void = () => undefined,
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-test-'));
  try {
    return await startIn(dataDir, environment, prepare);
  } catch (error) {
    await rm(dataDir, { recursive: true });
    throw error;
  }
}

async function startIn(
  dataDir: string,
  environment: Record<string, string>,
  prepare: (app: FastifyInstance) => void,
): Promise<TestServer> {
  const port = await freePort();
  const config = loadConfig({
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'trace',
    // Client and server share one event loop here, on a machine that may be busy.
    MAX_EVENT_LOOP_DELAY: '0',
    ...HIGH_RATES,
    ...environment,
  });
  let logs = '';
  const logger = createLogger(config, {
    write: (line) => {
      logs += line;
    },
  });
  const app = await buildApp(config, logger);
  prepare(app);
  const conformance = checkAgainstSpec(app);
  await app.listen({ port, host: '127.0.0.1' });
  let closed = false;
  return {
    app,
    config,
    url: `http://localhost:${port}`,
    logs: () => logs,
    async close() {
      if (closed) return;
      closed = true;
      await app.close();
      await rm(dataDir, { recursive: true });
      conformance.assert();
    },
  };
}

/** Starts a server as {@link startServer} does, and closes it when the test that calls it ends. */
export async function serverForTest(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...args);
  onTestFinished(server.close);
  return server;
}

/** Starts the real server in a process of its own, and closes it when the test that calls it ends. */
export async function serverProcessForTest(
  ...args: Parameters<typeof startServerProcess>
): Promise<ServerProcess> {
  const server = await startServerProcess(...args);
  onTestFinished(server.close);
  return server;
}

/** Gets a token of a guest. */
export async function guestToken({ url }: { url: string }, username = 'ada'): Promise<string> {
  const { access_token } = await new Tally({ baseUrl: url }).authenticate(username, 'any');
  return access_token;
}
