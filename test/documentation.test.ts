import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environmentSchema } from '../src/config.ts';
import { problemTypes } from '../src/http/problem.ts';
import { metricsSettings } from './helpers/metrics.ts';
import { serverForTest } from './helpers/server.ts';

const root = new URL('..', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

it('documents every problem code with its status', async () => {
  await serverForTest();
  const errors = read('docs/reference/errors.md');
  expect(problemTypes.size).toBeGreaterThan(15);
  for (const { code, status } of problemTypes.values())
    expect(errors).toContain(`| ${status} | \`${code}\` |`);
});

it('documents every setting', () => {
  const settings = read('docs/reference/settings.md');
  for (const name of Object.keys(environmentSchema.properties))
    expect(settings).toContain(`| \`${name}\` |`);
});

it('documents every metric that a server serves', async () => {
  const { settings, metricsUrl } = await metricsSettings();
  await serverForTest(settings);
  const text = await (await fetch(metricsUrl)).text();
  const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(40);
  const page = read('docs/reference/metrics.md');
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

it('names in the specification no problem that does not exist', async () => {
  const { app } = await serverForTest();
  const codes = JSON.stringify(app.swagger()).matchAll(/"code":"(\w+)"/g);
  for (const [, code] of codes) expect([...problemTypes.keys()]).toContain(code);
});
