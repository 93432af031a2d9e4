import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { addDemo } from '../features/shop/demo-catalogue.ts';
import type { ShopTables } from '../features/shop/tables.ts';
import { migrations } from '../migrations.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: scripts/seed

Fills the database at DATABASE_URL with a demo catalogue: products, and special offers. What is there
already stays as it is, so it can be run again, also while the server runs.

  --help  shows this text.
`;

await runCommand({ usage: USAGE, options: {}, work: () => seed(loadConfig(process.env)) });

async function seed(config: Config): Promise<void> {
  await migrate(config.database, migrations);
  const database = openDatabase<ShopTables>(config.database);
  try {
    const { products, offers } = await addDemo(database);
    process.stdout.write(`${products} products and ${offers} special offers were added.\n`);
  } finally {
    await database.close();
  }
}
