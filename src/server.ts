import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { runCommand } from './commands/run-command.ts';
import { type Config, describeEnvironment, loadConfig } from './config.ts';
import { ConfigError, readSetting } from './config-error.ts';
import { DatabaseUnavailable, DatabaseUnusable } from './database/errors.ts';
import { createLogger } from './logger.ts';
import { serve } from './serve.ts';
import { StorageUnusable } from './storage/errors.ts';

const USAGE = `Usage: scripts/start [--help]

Starts Tally. It is configured by environment variables, which may also stand in a file .env:

${describeEnvironment()}
`;

/** The account that the greeting registers. */
const EXAMPLE_ACCOUNT = { email: 'ada@example.com', password: 'choose your own password' };

await runCommand({
  usage: USAGE,
  // Undocumented: `scripts/start` sets it.
  options: { greet: { type: 'boolean', default: false } },
  work: ({ greet }) => start(greet).catch(exitWithError),
});

async function start(greet: boolean): Promise<void> {
  const config = loadConfig(process.env);
  readSetting('DATA_DIR', 'set it to a folder that this user may write', () =>
    prepareFolder(config.dataDir),
  );
  // libuv reads this when its pool is first used, as importing the app does.
  process.env.UV_THREADPOOL_SIZE = String(config.threadPool.size);
  const logger = createLogger(config);
  if (config.threadPool.isFilled) {
    logger.warn(
      'decoders and password hashes can take all threads: unset UV_THREADPOOL_SIZE, or set it to more than PASSWORD_THREADS + IMAGES_DECODERS',
    );
  }
  const { buildApp } = await import('./app.ts');
  const app = await buildApp(config, logger);
  await serve(app, config);
  if (greet) process.stdout.write(greeting(config));
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

function greeting({ http: { publicUrl }, auth }: Config): string {
  const [username, password] =
    auth.mode === 'accounts' ? [EXAMPLE_ACCOUNT.email, EXAMPLE_ACCOUNT.password] : ['ada', 'any'];
  return `
  Tally    ${publicUrl}
  Docs     ${publicUrl}/docs

  Try it:

${auth.mode === 'accounts' ? registration(publicUrl) : ''}\
    TOKEN=$(curl -s ${publicUrl}/auth -H 'Content-Type: application/json' \\
      -d '{"username": "${username}", "password": "${password}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl ${publicUrl}/sum -H "Authorization: Bearer $TOKEN" -d '[0.1, 0.2]'

`;
}

function registration(publicUrl: string): string {
  return `\
    curl -s ${publicUrl}/accounts -H 'Content-Type: application/json' -w '\\n' \\
      -d '{"email": "${EXAMPLE_ACCOUNT.email}", "password": "${EXAMPLE_ACCOUNT.password}"}'
`;
}

/** Prints one line for what the operator can fix, and a stack for a bug. */
function exitWithError(error: StartError): never {
  process.stderr.write(`tally: ${explain(error)}\n`);
  process.exit(1);
}

type StartError = NodeJS.ErrnoException & { address?: string; port?: number };

function explain(error: StartError): string {
  if (error instanceof ConfigError) return `invalid settings: ${error.message}`;
  if (error instanceof DatabaseUnavailable) {
    return `the database at DATABASE_URL does not answer: ${(error.cause as Error).message}`;
  }
  if (error instanceof DatabaseUnusable || error instanceof StorageUnusable) return error.message;
  const { code, syscall, message, port } = error;
  if (code === 'EADDRINUSE') {
    return `port ${port} is in use; stop what listens there, or set PORT to another`;
  }
  if (syscall === 'listen' && code === 'EACCES') {
    return `no permission to listen on port ${port}; set PORT to one above 1023`;
  }
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    return `cannot listen: ${message}; set HOST to an address of this machine`;
  }
  if (error.name === 'SqliteError') return `the file at DATABASE_URL cannot be used: ${message}`;
  // A file or folder is missing, belongs to another user, or the like.
  if (syscall !== undefined) {
    return `${message}; set DATA_DIR, DATABASE_URL and STORAGE_URL to what this user may write`;
  }
  return error.stack ?? String(error);
}
