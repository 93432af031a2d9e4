import { existsSync } from 'node:fs';

/**
 * Returns those of the programs, named by their paths, that this machine lacks.
 *
 * @throws {Error} if there are any, with TEST_ALL_TOOLS
 */
export function missingPrograms(...paths: (string | undefined)[]): string | undefined {
  const missing = paths.filter((path) => path === undefined || !existsSync(path));
  if (missing.length === 0) return undefined;
  const names = missing.map((path) => path?.split('/').at(-1) ?? 'PostgreSQL').join(', ');
  if (process.env.TEST_ALL_TOOLS) throw new Error(`TEST_ALL_TOOLS needs ${names}`);
  return names;
}

/**
 * Marks the title of tests with something that this machine lacks for them. `scripts/test` counts by these marks what
 * it has left out.
 */
export function needing(title: string, missing: string | undefined): string {
  return missing === undefined ? title : `${title} (needs ${missing})`;
}
