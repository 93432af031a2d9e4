import cluster from 'node:cluster';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { commandLine } from './command-line.ts';
import { runCommand } from './commands/run-command.ts';
import { type Config, describeEnvironment, loadConfig } from './config.ts';
import { readSetting } from './config-error.ts';
import { greeting } from './greeting.ts';
import { createLogger } from './logger.ts';
import { serve } from './serve.ts';
import { explainStartError, type StartError } from './start-error.ts';

const USAGE = `Usage: ${commandLine('start')} [--help]

Starts Tally. It is configured by environment variables, which may also stand in a file .env:

${describeEnvironment()}
`;

await runCommand({
  usage: USAGE,
  // Undocumented: `scripts/start` sets it.
  options: { greet: { type: 'boolean', default: false } },
  work: ({ greet }) => start(greet).catch(exitWithError),
});

async function start(greet: boolean): Promise<void> {
  if (cluster.worker) process.title = `tally: worker ${cluster.worker.id}`;
  const config = loadConfig(process.env);
  readSetting('DATA_DIR', 'set it to a folder that this user may write', () =>
    prepareFolder(config.dataDir),
  );
  const logger = createLogger(config);
  if (config.workers > 1 && cluster.isPrimary) {
    const { runPrimary } = await import('./cluster/primary.ts');
    await runPrimary(config, logger);
  } else {
    await serveRequests(config, logger);
  }
  if (greet) process.stdout.write(greeting(config));
}

async function serveRequests(config: Config, logger: Logger): Promise<void> {
  // libuv reads this when its pool is first used, as importing the app does.
  process.env.UV_THREADPOOL_SIZE = String(config.threadPool.size);
  if (config.threadPool.isFilled) {
    logger.warn(
      'decoders and password hashes can take all threads: unset UV_THREADPOOL_SIZE, or set it to more than PASSWORD_THREADS + IMAGES_DECODERS',
    );
  }
  const { buildApp } = await import('./app.ts');
  await serve(await buildApp(config, logger), config);
}

/** @throws {Error} if the folder cannot be made or written to */
function prepareFolder(path: string): void {
  makeFolder(path);
  accessSync(path, constants.W_OK | constants.X_OK);
}

/** Makes a folder and those above it. Node's own `recursive` never returns below `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have just made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Prints one line for what the operator can fix, and a stack for a bug. */
function exitWithError(error: StartError): never {
  process.stderr.write(`tally: ${explainStartError(error)}\n`);
  process.exit(1);
}
