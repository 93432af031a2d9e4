import { beforeAll, describe, expect, it, vi } from 'vitest';
import { sqlite } from '../helpers/databases.ts';
import { runToEnd } from '../helpers/process.ts';
import { itAgreesInRaces } from '../helpers/races.ts';
import { replicasOn } from '../helpers/replicas.ts';

describe('two workers on SQLite', () => {
  const fleet = replicasOn(sqlite, 1, { settings: { WORKERS: '2', LOG_LEVEL: 'info' } });
  beforeAll(async () => {
    const { output } = fleet.replicas[0]!;
    await vi.waitFor(() => expect(output.stdout).toContain('the workers listen'), 30_000);
  });
  itAgreesInRaces(fleet);

  it('have both taken part', () => {
    const { stdout } = fleet.replicas[0]!.output;
    const orders = (worker: number) =>
      stdout
        .split('\n')
        .filter((line) => /"worker":(\d+).*"path":"\/orders"/.exec(line)?.[1] === `${worker}`);
    for (const worker of [1, 2]) expect(orders(worker).length).toBeGreaterThan(50);
  });
});

it('two workers serve the whole API', async () => {
  const finished = await runToEnd('scripts/e2e', [], { WORKERS: '2' });
  expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining(' 0 failed') });
}, 120_000);
