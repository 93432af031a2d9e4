import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringify from 'json-stringify-pretty-compact';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { runCommand } from '../../src/commands/run-command.ts';
import { loadConfig } from '../../src/config.ts';

const USAGE = `Usage: scripts/openapi [--help]

Writes openapi.json anew from the schemas of the routes.
`;

const target = new URL('../../openapi.json', import.meta.url);

await runCommand({ usage: USAGE, options: {}, work: writeDocument });

/** Writes the specification of the app with its default settings. */
async function writeDocument(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tally-'));
  try {
    const app = await buildApp(loadConfig({ DATA_DIR: dataDir }), pino({ level: 'silent' }));
    await app.ready();
    writeFileSync(target, `${stringify(app.swagger(), { maxLength: 120 })}\n`);
    await app.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}
