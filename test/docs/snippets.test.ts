import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJudge } from '../helpers/conformance.ts';
import { root } from '../helpers/process.ts';
import { createSnippetProject, type SnippetProject } from './snippet-project.ts';
import { siteForTest } from './snippet-site.ts';
import { files, isRunnable, parseSnippets, type Snippet, snippetsOf, toolsOf } from './snippets.ts';
import { hasTool } from './tools.ts';

/** Languages of blocks that are run; `text` is what the block before it prints, `json` conforms to the specification. */
const LANGUAGES = ['sh', 'ts', 'python', 'text', 'json'];
const TIMEOUT_MS = 180_000;

const pages = new Map(files.map((file) => [file, snippetsOf(file)]));

let project: SnippetProject;
beforeAll(async () => {
  project = await createSnippetProject(pages);
}, TIMEOUT_MS);
afterAll(() => project?.remove());

it('are found with their markers', () => {
  const text = [
    ...['<!-- needs: parallel, nginx -->', '', '```sh', 'first', '```', ''],
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
    ...['<!-- needs: go -->', '<!-- file: main.go -->', '```go', 'x', '```', ''],
    ...['<!-- keeps running -->', '```sh', 'server', '```', ''],
  ].join('\n');
  expect(parseSnippets('a.md', text)).toEqual([
    { place: 'a.md:1', language: 'sh', code: 'first\n', needs: ['parallel', 'nginx'] },
    { place: 'a.md:7', language: 'sh', code: 'second\n\nthird\n', exitStatus: 1 },
    { place: 'a.md:16', language: 'json', code: '{\n  "a": 1\n}\n' },
    { place: 'a.md:26', language: 'ts', code: '', notRun: 'no such place' },
    { place: 'a.md:30', language: 'go', code: 'x\n', needs: ['go'], file: 'main.go' },
    { place: 'a.md:36', language: 'sh', code: 'server\n', keepsRunning: true },
  ]);
  expect(() => parseSnippets('a.md', '```sh\n')).toThrow('a.md has 1 lines');
});

it('are run, or say why they are not', () => {
  const all = [...pages.values()].flat();
  expect(all.length).toBeGreaterThan(20);
  const neither = all.filter(
    ({ language, notRun, file }) => !notRun && !file && !LANGUAGES.includes(language),
  );
  expect(neither.map(({ place, language }) => `${place}: ${language || 'no language'}`)).toEqual(
    [],
  );
  for (const { place, notRun } of all) if (notRun) console.log(`not run: ${place}: ${notRun}`);
});

const isJson = ({ language, file }: Snippet) => language === 'json' && file === undefined;
const isRun = (snippet: Snippet) => isRunnable(snippet) && !isJson(snippet);
const pagesToRun = [...pages].filter(([, snippets]) => snippets.some(isRun));

describe('the blocks of a page', () => {
  for (const [file, snippets] of pagesToRun) {
    const blocks = snippets.filter(isRun);
    const tools = toolsOf(blocks);
    const title = `run in their order: ${file}${tools.length > 0 ? ` (needs ${tools.join(', ')})` : ''}`;
    it.runIf(tools.every(hasTool))(title, () => runPage(file, blocks), TIMEOUT_MS);
  }

  it.each(files)('in JSON conform to the specification: %s', (file) => {
    for (const { place, code } of pages.get(file)!.filter(isJson)) {
      expect(violationOf(code), place).toBeUndefined();
    }
  });
});

async function runPage(file: string, blocks: Snippet[]): Promise<void> {
  const site = await siteForTest(project, file);
  let last = '';
  for (const snippet of blocks) {
    const { place, language, code, exitStatus = 0 } = snippet;
    if (language === 'text' && snippet.file === undefined) {
      expect(last, place).toBe(code);
      continue;
    }
    const { status, stdout, stderr } = await site.runBlock(snippet);
    expect(status, `${place}\n${stdout}${stderr}`).toBe(exitStatus);
    last = stdout.endsWith('\n') ? stdout : `${stdout}\n`;
  }
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
