import { buildApp } from './app.ts';
import { type Config, ConfigError, describeEnvironment, loadConfig } from './config.ts';
import { DatabaseUnavailable } from './database/errors.ts';
import { createLogger } from './logger.ts';
import { serve } from './serve.ts';
import { StorageUnusable } from './storage/errors.ts';

const USAGE = `Usage: scripts/start [--help]

Starts Tally. It is configured by environment variables, which may also stand in a file .env:

${describeEnvironment()}
`;

if (process.argv.includes('--help')) {
  process.stdout.write(USAGE);
} else {
  await start().catch(giveUp);
}

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const app = await buildApp(config, createLogger(config));
  await serve(app, config);
  if (process.argv.includes('--greet')) process.stdout.write(greeting(config));
}

function greeting({ publicUrl }: Config): string {
  return `
  Tally    ${publicUrl}
  Docs     ${publicUrl}/docs

  Try it:

    TOKEN=$(curl -s ${publicUrl}/auth -H 'Content-Type: application/json' \\
      -d '{"username": "ada", "password": "any"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl ${publicUrl}/sum -H "Authorization: Bearer $TOKEN" -d '[0.1, 0.2]'

`;
}

/** What a person can mend gets one line; what is a bug gets its stack. */
function giveUp(error: NodeJS.ErrnoException & { address?: string; port?: number }): never {
  process.stderr.write(`tally: ${explain(error)}\n`);
  process.exit(1);
}

function explain(error: NodeJS.ErrnoException & { address?: string; port?: number }): string {
  if (error instanceof ConfigError) return `the environment does not fit: ${error.message}`;
  if (error instanceof DatabaseUnavailable) {
    return `the database at DATABASE_URL does not answer: ${(error.cause as Error).message}`;
  }
  if (error instanceof StorageUnusable) return error.message;
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${error.port} is in use; stop what listens there, or set PORT to another`;
    case 'EACCES':
      return `no permission: ${error.message}`;
    default:
      return error.stack ?? String(error);
  }
}
