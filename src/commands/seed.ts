import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { addDemoCatalogue } from '../features/shop/demo-catalogue.ts';
import type { ShopTables } from '../features/shop/tables.ts';
import { migrations } from '../migrations.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('seed')}

Adds a demo catalogue of products and promotions to the database at DATABASE_URL. Existing entries stay as
they are, so you can run it again, also while the server runs.

  --help  shows this text
`;

await runCommand({ usage: USAGE, options: {}, work: () => seed(loadConfig(process.env)) });

async function seed(config: Config): Promise<void> {
  await migrate(config.database, migrations);
  const database = openDatabase<ShopTables>(config.database);
  try {
    const { products, promotions } = await addDemoCatalogue(database);
    process.stdout.write(`Added ${products} products and ${promotions} promotions.\n`);
  } finally {
    await database.close();
  }
}
