import { expect, it } from 'vitest';
import { commandForTests, folderWith } from '../client/command.ts';
import { snippetsOf, snippetsToRun } from './snippets.ts';

const { bash } = commandForTests();

it('prints what docs/compare.md shows', async () => {
  const cwd = await folderWith({});
  const file = 'docs/compare.md';
  const blocks = snippetsOf(file);
  const runnable = new Set(snippetsToRun(file, 'sh').map(({ place }) => place));
  let output = '';
  let compared = 0;
  for (const { place, language, code, exitStatus } of blocks) {
    if (language === 'text') {
      expect(output, place).toBe(code);
      compared++;
    } else if (runnable.has(place)) {
      const finished = await bash(`set -o pipefail\n${code}`, { cwd });
      expect({ code: finished.code, stderr: finished.stderr }, place).toEqual({
        code: exitStatus,
        stderr: '',
      });
      output = finished.stdout;
    }
  }
  expect(compared).toBe(2);
});
