import { expect, it, onTestFinished } from 'vitest';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import {
  CHEAP_HASHES,
  expectJson,
  freshEmail,
  PASSWORD,
  register,
  send,
  signIn,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { serverForTest } from '../../../helpers/server.ts';

describeOnEachDatabase('registrations from one address', (database) => {
  const start = async (environment: Record<string, string>) => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({
      DATABASE_URL: url,
      ...CHEAP_HASHES,
      TRUST_PROXY: 'loopback',
      ...environment,
    });
    const post = (address: string, body: object = {}) =>
      send(server, 'POST', '/accounts', {
        body: { email: freshEmail(), password: PASSWORD, ...body },
        headers: { 'x-forwarded-for': address },
      });
    return { server, post };
  };

  it('are limited, though 30 come at once, and one more is let in each minute', async () => {
    const { server, post } = await start({ REGISTRATIONS_PER_ADDRESS: '5' });
    const flood = async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => post('203.0.113.7')));
      return answers.toSorted((a, b) => a.status - b.status);
    };
    const answers = await flood();
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const refused = answers.at(-1)!;
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(await expectJson(Promise.resolve(refused), 429)).toMatchObject({
      code: 'too_many_registrations',
    });
    await expectJson(post('203.0.113.8'), 201);

    const { db } = server.app.database.as<AccountTables>();
    await db
      .updateTable('spent_attempts')
      .set((eb) => ({ at: eb('at', '-', 60_000), counts_until: eb('counts_until', '-', 60_000) }))
      .execute();
    expect((await flood()).filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('count where an address is taken, but not where the password is weak', async () => {
    const { server, post } = await start({ REGISTRATIONS_PER_ADDRESS: '3' });
    const { email } = await register(server);
    for (let round = 0; round < 5; round++) {
      await expectJson(post('203.0.113.7', { password: 'password123' }), 400);
    }
    for (let round = 0; round < 3; round++) {
      await expectJson(post('203.0.113.7', { email }), 409);
    }
    await expectJson(post('203.0.113.7', { email }), 429);
  });

  it('do not make a single sign-in fail while they come in a flood', async () => {
    const { server, post } = await start({
      PASSWORD_MEMORY: '8192',
      PASSWORD_THREADS: '1',
      PASSWORD_QUEUE: '20',
    });
    const people = await Promise.all([1, 2, 3, 4].map(() => register(server)));
    let isOver = false;
    const refused: string[] = [];
    const flooder = async () => {
      while (!isOver) {
        const answer = await post('203.0.113.7');
        if (answer.status !== 201) refused.push(((await answer.json()) as { code: string }).code);
      }
    };
    const flood = Array.from({ length: 60 }, flooder);
    for (let round = 0; round < 5; round++) {
      await Promise.all(people.map((account) => signIn(server, account)));
    }
    isOver = true;
    await Promise.all(flood);
    expect(new Set(refused)).toEqual(new Set(['busy']));
  });
});
