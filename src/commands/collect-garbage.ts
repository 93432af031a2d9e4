import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import type { ImageTables } from '../database/tables/images.ts';
import { findGarbage, removeGarbage } from '../features/images/garbage.ts';
import { openStorage } from '../storage/storage.ts';

const USAGE = `Usage: scripts/collect-garbage [--run] [--older-than HOURS]

Shows the files in the storage at STORAGE_URL that nothing in the database refers to: what a server that
was killed has left behind, and the images of accounts that were deleted.

  --run               removes them.
  --older-than HOURS  leaves alone what is younger, since it may be on its way (default: 24). 0 is for
                      when no server runs.
  --help              shows this text.
`;

const HOUR = 3_600_000;

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        run: { type: 'boolean', default: false },
        'older-than': { type: 'string', default: '24' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) process.stdout.write(USAGE);
    else await collect(loadConfig(process.env), values.run, readHours(values['older-than']));
  } catch (error) {
    process.stderr.write(`tally: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function readHours(text: string): number {
  const hours = text.trim() === '' ? Number.NaN : Number(text);
  if (hours >= 0 && Number.isFinite(hours)) return hours;
  throw new Error('--older-than needs a number of hours');
}

async function collect(config: Config, run: boolean, hours: number): Promise<void> {
  const storage = openStorage(config.storage);
  const { db, close } = openDatabase<ImageTables>(config.database);
  try {
    await storage.prepare();
    const garbage = await findGarbage(db, storage, Date.now() - hours * HOUR);
    const { objects, scratchFiles, images } = garbage;
    for (const key of objects) process.stdout.write(`object  ${key}\n`);
    for (const path of scratchFiles) process.stdout.write(`scratch ${path}\n`);
    for (const id of images) process.stdout.write(`image   ${id}\n`);
    if (run) await removeGarbage(db, storage, garbage);
    const total = objects.length + scratchFiles.length + images.length;
    process.stderr.write(`${total} ${run ? 'removed' : 'found; --run removes them'}\n`);
  } finally {
    storage.close();
    await close();
  }
}
