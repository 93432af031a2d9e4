import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environmentSchema } from '../src/config.ts';
import { problemTypes } from '../src/http/problem.ts';
import { serverForTest } from './helpers/server.ts';

const root = new URL('..', import.meta.url);
const documents = [
  'README.md',
  ...readdirSync(new URL('docs', root)).map((name) => `docs/${name}`),
];
const documentation = documents.map((name) => readFileSync(new URL(name, root), 'utf8')).join('\n');

it('documents every problem code with its status', async () => {
  await serverForTest();
  expect(problemTypes.size).toBeGreaterThan(15);
  for (const { code, status } of problemTypes.values())
    expect(documentation).toContain(`| ${status} | \`${code}\` |`);
});

it('documents every setting', () => {
  for (const name of Object.keys(environmentSchema.properties))
    expect(documentation).toContain(`\`${name}\``);
});

it('names in the specification no problem that does not exist', async () => {
  const { app } = await serverForTest();
  const codes = JSON.stringify(app.swagger()).matchAll(/"code":"(\w+)"/g);
  for (const [, code] of codes) expect([...problemTypes.keys()]).toContain(code);
});
