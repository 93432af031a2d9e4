import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJudge } from '../helpers/conformance.ts';
import { root } from '../helpers/process.ts';
import { createSnippetProject, type Program, type SnippetProject } from './snippet-project.ts';
import { siteForTest } from './snippet-site.ts';
import { files, parseSnippets, type Snippet, snippetsOf, snippetsToRun } from './snippets.ts';
import { hasTool } from './tools.ts';

/** Languages of blocks that are run or read here. `text` is what a program prints. */
const LANGUAGES = ['sh', 'ts', 'python', 'json', 'text'];
const TIMEOUT_MS = 120_000;

let project: SnippetProject;
let programs: Program[];
beforeAll(async () => {
  project = await createSnippetProject();
  programs = await project.compile(files.flatMap((file) => snippetsToRun(file, 'ts')));
}, TIMEOUT_MS);
afterAll(() => project?.remove());

it('are found with their markers', () => {
  const text = [
    ...['<!-- needs: parallel -->', '', '```sh', 'first', '```', ''],
    ...['<!-- exit status 1 -->', '```sh', 'second', '', 'third', '```', ''],
    ...['1. A list', '', '   ```json', '   {', '     "a": 1', '   }', '   ```', ''],
    ...[
      '<!-- a comment -->',
      '',
      'Text',
      '',
      '<!-- not run: no such place -->',
      '```ts',
      '```',
      '',
    ],
  ].join('\n');
  const plain = { notRun: undefined, needs: undefined, exitStatus: 0 };
  expect(parseSnippets('a.md', text)).toEqual([
    { ...plain, place: 'a.md:1', language: 'sh', code: 'first\n', needs: 'parallel' },
    { ...plain, place: 'a.md:7', language: 'sh', code: 'second\n\nthird\n', exitStatus: 1 },
    { ...plain, place: 'a.md:16', language: 'json', code: '{\n  "a": 1\n}\n' },
    { ...plain, place: 'a.md:26', language: 'ts', code: '', notRun: 'no such place' },
  ]);
  expect(() => parseSnippets('a.md', '```sh\n')).toThrow('a.md has 1 lines');
});

it('are run, or say why they are not', () => {
  const all = files.flatMap(snippetsOf);
  expect(all.length).toBeGreaterThan(20);
  const neither = all.filter(
    ({ language, notRun }) => notRun === undefined && !LANGUAGES.includes(language),
  );
  expect(neither.map(({ place, language }) => `${place}: ${language || 'no language'}`)).toEqual(
    [],
  );
  for (const { place, notRun } of all) if (notRun) console.log(`not run: ${place}: ${notRun}`);
});

const filesWith = (language: string) =>
  files.filter((file) => snippetsToRun(file, language).length > 0);

describe('the examples', () => {
  it.each(filesWith('sh'))('for the shell succeed: %s', { timeout: TIMEOUT_MS }, async (file) => {
    const site = await siteForTest(project.bin);
    const script = ['set -euo pipefail', ...snippetsToRun(file, 'sh').map(toScript)].join('\n');
    await site.run('bash', ['-c', site.adapt(script)]);
  });

  it.each(filesWith('ts'))('in TypeScript run: %s', { timeout: TIMEOUT_MS }, async (file) => {
    const site = await siteForTest(project.bin);
    const own = programs.filter(({ snippet }) => snippet.place.startsWith(`${file}:`));
    expect(own.length).toBeGreaterThan(0);
    for (const { snippet, javascript } of own) {
      const path = await project.write('example.js', site.adapt(javascript));
      const storage = ['--experimental-webstorage', '--localstorage-file=local-storage'];
      const run = site.run(process.execPath, [...storage, '--import', project.prelude, path]);
      await expect(run, snippet.place).resolves.toBeDefined();
    }
  });

  it.runIf(hasTool('python3')).each(filesWith('python'))('in Python run: %s', async (file) => {
    const site = await siteForTest(project.bin);
    for (const { place, code } of snippetsToRun(file, 'python')) {
      await expect(site.run('python3', ['-c', code]), place).resolves.toBeDefined();
    }
  });

  it.each(filesWith('json'))('in JSON conform to the specification: %s', (file) => {
    for (const { place, code } of snippetsToRun(file, 'json')) {
      expect(violationOf(code), place).toBeUndefined();
    }
  });
});

/** Returns the commands of a block, which are to end with its status. */
function toScript({ place, code, exitStatus }: Snippet): string {
  const start = `echo '== ${place}' >&2`;
  if (exitStatus === 0) return `${start}\n${code}`;
  return `${start}\nset +e\n${code}\nstatus=$?\nset -e\ntest $status -eq ${exitStatus}`;
}

type Spec = Parameters<typeof createJudge>[0];
const specification = readFileSync(join(root, 'openapi.json'), 'utf8');
const judge = createJudge(JSON.parse(specification) as Spec);
const codes: string[] =
  JSON.parse(specification).components.schemas.Problem.properties.code['x-extensible-enum'];

/** Returns the reason why a problem or an answer is none of `POST /sum`; a report is an answer with more members. */
function violationOf(json: string): string | undefined {
  const { report, file, bytes, ...value } = JSON.parse(json);
  const common = { method: 'POST', path: '/sum', payload: JSON.stringify(value) };
  if ('sha256' in value || 'hmac_sha256' in value) {
    return judge({ ...common, status: 200, mediaType: 'application/json' });
  }
  if (!('status' in value && 'code' in value)) return undefined;
  if (!codes.includes(value.code)) return `the code ${value.code} is not in the spec`;
  return judge({ ...common, status: value.status, mediaType: 'application/problem+json' });
}
