import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'fflate';
import { packTar } from 'modern-tar';

/** The built client that belongs to this version of Tally. */
export const CLIENT_FOLDER = fileURLToPath(new URL('../generated-client', import.meta.url));

/** The time of all files in packages that npm makes; npm has it since ZIP files could not hold earlier ones. */
const MTIME = new Date('1985-10-26T08:15:00.000Z');

/** Compresses in a thread of its own. Unlike zlib's, its output is the same under every version of Node. */
const compress = promisify(gzip) as (
  bytes: Uint8Array,
  options: { mtime: number },
) => Promise<Uint8Array>;

/**
 * Packs a built client as `npm pack` does. The same files give the same bytes, on which lock files of projects rely.
 */
export async function packClient(folder: string = CLIENT_FOLDER): Promise<Buffer> {
  const names = ['LICENSE', 'README.md', 'package.json', ...(await filesBelow(folder, 'dist'))];
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const programs = new Set<string>(Object.values(bin));
  const entries = names.sort().map(async (name) => {
    const body = await readFile(join(folder, name));
    const mode = programs.has(name) ? 0o755 : 0o644;
    return { header: { name: `package/${name}`, size: body.length, mode, mtime: MTIME }, body };
  });
  const archive = await packTar(await Promise.all(entries));
  return Buffer.from(await compress(archive, { mtime: 0 }));
}

async function filesBelow(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
