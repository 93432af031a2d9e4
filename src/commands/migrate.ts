import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { listMigrations, migrate } from '../database/migrate.ts';
import { migrations } from '../migrations.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('migrate')} [--run]

Lists the migrations of the database at DATABASE_URL, with the time of each or "missing".

  --run   runs those that are missing. A starting server does so by itself; this does it beforehand.
  --help  shows this text
`;

await runCommand({
  usage: USAGE,
  options: { run: { type: 'boolean', default: false } },
  work: ({ run }) => show(loadConfig(process.env), run),
});

async function show({ database }: Config, run: boolean): Promise<void> {
  if (run) await migrate(database, migrations);
  for (const { name, executedAt } of await listMigrations(database, migrations)) {
    process.stdout.write(`${name}  ${executedAt ? executedAt.toISOString() : 'missing'}\n`);
  }
}
