import { type Config, loadConfig } from '../config.ts';
import { listMigrations, migrate } from '../database/migrate.ts';
import { migrations } from '../migrations.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: scripts/migrate [--run]

Shows which changes to its tables the database at DATABASE_URL has had, and which it lacks.

  --run   makes those that it lacks. A starting server does so by itself; this is for those who want
          it done before.
  --help  shows this text.
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
