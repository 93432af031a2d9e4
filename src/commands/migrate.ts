import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';
import { listMigrations, migrate } from '../database/migrate.ts';

const USAGE = `Usage: scripts/migrate [--run]

Shows which changes to its tables the database at DATABASE_URL has had, and which it lacks.

  --run   makes those that it lacks. A starting server does so by itself; this is for those who want
          it done before.
  --help  shows this text.
`;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        run: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) process.stdout.write(USAGE);
    else await show(loadConfig(process.env), values.run);
  } catch (error) {
    process.stderr.write(`tally: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function show({ database }: Config, run: boolean): Promise<void> {
  if (run) await migrate(database);
  for (const { name, executedAt } of await listMigrations(database)) {
    process.stdout.write(`${name}  ${executedAt ? executedAt.toISOString() : 'missing'}\n`);
  }
}
