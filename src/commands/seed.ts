import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import type { ShopTables } from '../database/tables/shop.ts';
import { addDemo } from '../features/shop/demo.ts';

const USAGE = `Usage: scripts/seed

Fills the database at DATABASE_URL with a demo catalogue: products, and special offers. What is there
already stays as it is, so it can be run again, also while the server runs.

  --help  shows this text.
`;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args, options: { help: { type: 'boolean', default: false } } });
    if (values.help) process.stdout.write(USAGE);
    else await seed(loadConfig(process.env));
  } catch (error) {
    process.stderr.write(`tally: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function seed(config: Config): Promise<void> {
  await migrate(config.database);
  const database = openDatabase<ShopTables>(config.database);
  try {
    const { products, offers } = await addDemo(database);
    process.stdout.write(`${products} products and ${offers} special offers were added.\n`);
  } finally {
    await database.close();
  }
}
