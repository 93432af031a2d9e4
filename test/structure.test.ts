import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = (...paths: string[]) =>
  execFileSync('git', ['ls-files', '-z', ...paths], { cwd: root })
    .toString()
    .split('\0')
    .filter((path) => path !== '');
const sources = tracked('src', 'generated-client/src').filter(
  (path) => path.endsWith('.ts') && !path.includes('/generated/'),
);
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** Returns the paths that a file imports, types included. */
function importsOf(path: string): string[] {
  const specifiers = textOf(path).matchAll(/(?:from|import)\s+'(\.[^']+)'/g);
  return [...specifiers].map(([, specifier]) => join(dirname(path), specifier!));
}
const featureOf = (path: string) => /^src\/features\/([^/]+)\//.exec(path)?.[1];

describe('the structure of the source', () => {
  it('has features that import no other feature', () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((imported) => featureOf(path) && featureOf(imported))
        .filter((imported) => featureOf(path) !== featureOf(imported))
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(violations).toEqual([]);
  });

  it('has features that only the files which assemble the system import', () => {
    const assembling = /^src\/(app|config|server|migrations|commands\/[\w-]+)\.ts$/;
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((imported) => !featureOf(path) && featureOf(imported) && !assembling.test(path))
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(violations).toEqual([]);
  });

  it('has SQL in repositories alone', () => {
    const builds = /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/;
    const violations = sources
      .filter((path) => path.startsWith('src/features/'))
      .filter(
        (path) => !/[/-](repository|migrations)\.ts$/.test(path) && builds.test(textOf(path)),
      );
    expect(violations).toEqual([]);
  });

  it('has routes whose types are inferred from their schemas', () => {
    const violations = sources.filter((path) =>
      /\.(get|post|put|patch|delete|route)<|FastifyRequest</.test(textOf(path)),
    );
    expect(violations).toEqual([]);
  });

  it('has docstrings that begin with a verb or a noun phrase', () => {
    const docstrings = sources.flatMap((path) =>
      [...textOf(path).matchAll(/\/\*\*[\s*]*(\w+)/g)].map(([, word]) => ({ path, word })),
    );
    expect(docstrings.length).toBeGreaterThan(500);
    const questions = docstrings.filter(({ word }) =>
      /^(What|How|Whether|Where|Who|Whose|When|Why|Which)$/.test(word!),
    );
    expect(questions).toEqual([]);
  });
});

describe('the repository', () => {
  /** Beginnings of archives, compressed files and databases; tar has its mark further on. */
  const MAGIC = ['\x1f\x8b', 'PK\x03\x04', '\x28\xb5\x2f\xfd', 'SQLite format 3\0', 'PGDMP'];
  const isBinary = (bytes: string) =>
    MAGIC.some((magic) => bytes.startsWith(magic)) || bytes.slice(257, 262) === 'ustar';
  const isKey = (path: string, bytes: string) =>
    /(-keys\.json|\.(pem|key|p12))$/.test(path) ||
    /-----BEGIN [A-Z ]*PRIVATE KEY|"d": ?"[\w-]{43}/.test(bytes);

  it('has no key file, database or archive', () => {
    const violations = tracked().filter((path) => {
      const bytes = readFileSync(join(root, path), 'latin1');
      return isBinary(bytes) || isKey(path, bytes);
    });
    expect(violations).toEqual([]);
  });
});
