import { expect, it } from 'vitest';
import { freshEmail, register, send, serverOn } from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';

const SAMPLES = 120;

/**
 * The statistic of Kolmogorov and Smirnov: the largest distance between two distributions.
 * With n samples each, it is above 1.95 · √(2/n) once in a thousand times if they are the same.
 */
function distance(a: number[], b: number[]): number {
  const below = (values: number[], limit: number) =>
    values.filter((value) => value <= limit).length / values.length;
  return Math.max(...[...a, ...b].map((limit) => Math.abs(below(a, limit) - below(b, limit))));
}

describeOnEachDatabase('the time of a refused sign-in', (database) => {
  const server = serverOn(database, {
    PASSWORD_MEMORY: '8192',
    PASSWORD_PASSES: '1',
    ATTEMPTS_PER_ADDRESS: '1000000',
  });

  async function timeOf(username: string): Promise<number> {
    const body = { username, password: 'a wrong password' };
    const start = performance.now();
    const response = await send(server.current, 'POST', '/accounts/login', { body });
    await response.text();
    expect(response.status).toBe(401);
    return performance.now() - start;
  }

  it('is the same for a wrong password and for an unknown user', { timeout: 60_000 }, async () => {
    const known: string[] = [];
    for (let index = 0; index < SAMPLES; index++) {
      known.push((await register(server.current)).username);
    }
    for (const username of known.slice(0, 10)) await timeOf(username);
    const times: [number[], number[]] = [[], []];
    // By turns, so that whatever else the machine does meets both.
    for (const username of known) {
      times[0].push(await timeOf(username));
      times[1].push(await timeOf(freshEmail()));
    }
    expect(distance(...times)).toBeLessThan(1.95 * Math.sqrt(2 / SAMPLES));
  });
});
