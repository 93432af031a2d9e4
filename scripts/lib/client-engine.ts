import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENGINE = fileURLToPath(new URL('../../src/features/sum/engine', import.meta.url));

const SEAL =
  '// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.';

/** The import of a file beside it. */
const IMPORT = /(from '\.\/[\w-]+)\.ts'/g;

/**
 * Writes the engine of sums into a folder: its sources, which need no API of Node, and its compiled module as text. The
 * module must have been built.
 */
export function writeEngine(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), `${SEAL}\n${text}`);
  for (const name of readdirSync(ENGINE)) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(join(ENGINE, name), 'utf8');
    write(name, text.replace(IMPORT, "$1.js'"));
  }
  const compiled = readFileSync(join(ENGINE, 'engine.wasm'));
  write(
    'compiled.ts',
    `/** The compiled module, in base64. */\nexport const COMPILED: string =\n  '${compiled.toString('base64')}';\n`,
  );
}
