import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';
import { snippetsOf } from './snippets.ts';

it('shows what the examples of the README print', () => {
  const picture = readFileSync(join(root, 'docs/terminal.svg'), 'utf8').replaceAll('&quot;', '"');
  const outputs = snippetsOf('README.md').filter(({ language }) => language === 'text');
  const lines = outputs.flatMap(({ code }) => code.split('\n')).filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(picture).toContain(line);
});
