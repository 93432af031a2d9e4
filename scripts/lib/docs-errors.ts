import { readFileSync } from 'node:fs';
import '../../src/app.ts';
import { type ProblemType, problemTypes } from '../../src/http/problem.ts';
import { resolve, type Spec } from './client-spec.ts';
import { table } from './docs-table.ts';

const SPEC = new URL('../../openapi.json', import.meta.url);

/** Returns a table of every kind of problem, by status, with the features whose operations have it. */
export function errorTable(): string {
  const spec: Spec = JSON.parse(readFileSync(SPEC, 'utf8'));
  const whereOf = createPlaces(spec);
  const row = ({ status, code, when }: ProblemType) => [
    String(status),
    `\`${code}\``,
    when,
    whereOf(code),
  ];
  const sorted = [...problemTypes.values()].sort(
    (a, b) => a.status - b.status || (a.code < b.code ? -1 : 1),
  );
  return table(['status', 'code', 'when', 'where'], sorted.map(row));
}

/** Returns a function that names the tags of the operations with a code. */
function createPlaces(spec: Spec): (code: string) => string {
  const tags = new Set<string>();
  const tagsOfCode = new Map<string, Set<string>>();
  for (const { tags: [tag = ''] = [], responses } of operationsOf(spec)) {
    tags.add(tag);
    for (const response of Object.values(responses)) {
      const problem = resolve(spec, response).content?.['application/problem+json'];
      for (const code of Object.keys(problem?.examples ?? {})) {
        tagsOfCode.set(code, (tagsOfCode.get(code) ?? new Set()).add(tag));
      }
    }
  }
  return (code) => {
    const where = tagsOfCode.get(code) ?? tags;
    const others = [...tags].filter((tag) => !where.has(tag));
    if (others.length === 0) return 'everywhere';
    return others.length === 1 ? `all but ${others}` : [...where].sort().join(', ');
  };
}

function operationsOf({ paths }: Spec) {
  return Object.values(paths).flatMap((methods) => Object.values(methods));
}
