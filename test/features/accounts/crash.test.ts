import { expect, it, onTestFinished } from 'vitest';
import {
  CHEAP_HASHES,
  expectJson,
  me,
  register,
  send,
  signIn,
  type TestAccount,
  type Tokens,
} from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import { serverProcessForTest } from '../../helpers/server.ts';

describeOnEachDatabase('kill -9', (database) => {
  it('loses nothing that was acknowledged', { timeout: 60_000 }, async () => {
    const { url: databaseUrl, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverProcessForTest({
      ...CHEAP_HASHES,
      DATABASE_URL: databaseUrl,
      ATTEMPTS_PER_ADDRESS: '100000',
    });

    const people = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => ({
        account: await register(server, { password: `password ${index} of round 0` }),
        index,
        round: 0,
        sessions: [] as Tokens[],
      })),
    );
    type Person = (typeof people)[number];
    const passwordOf = ({ index }: Person, round: number) => `password ${index} of round ${round}`;
    let killed = false;
    let acknowledged = 0;

    /** Signs in and changes the password until the server is gone; keeps what was acknowledged. */
    async function live(person: Person): Promise<void> {
      while (!killed) {
        person.sessions.push(
          await signIn(server, person.account, passwordOf(person, person.round)),
        );
        acknowledged++;
        if (person.sessions.length < 3) continue;
        const body = {
          username: person.account.username,
          current_password: passwordOf(person, person.round),
          new_password: passwordOf(person, person.round + 1),
        };
        await expectJson(send(server, 'POST', '/accounts/password', { body }), 204);
        acknowledged++;
        person.round++;
        person.sessions = [];
      }
    }

    const canSignIn = (account: TestAccount, password: string) =>
      signIn(server, account, password).then(
        () => true,
        () => false,
      );

    for (let crash = 0; crash < 3; crash++) {
      killed = false;
      acknowledged = 0;
      const lives = people.map((person) => live(person).catch(() => undefined));
      // Among six people, one has changed a password by then, however slow the machine is.
      await expect
        .poll(() => acknowledged, { interval: 5, timeout: 15_000 })
        .toBeGreaterThan(20 + 7 * crash);
      killed = true;
      await server.end('SIGKILL');
      await Promise.all(lives);
      await server.start();
      for (const person of people) {
        // A change that was under way when the server died may have been made, or not.
        const isOld = await canSignIn(person.account, passwordOf(person, person.round));
        const isNew =
          !isOld && (await canSignIn(person.account, passwordOf(person, person.round + 1)));
        expect(isOld || isNew).toBe(true);
        if (isOld) {
          for (const { access_token, refresh_token } of person.sessions) {
            await expectJson(me(server, access_token));
            const body = { refresh_token };
            await expectJson(send(server, 'POST', '/accounts/refresh', { body }));
          }
        } else person.round++;
        person.sessions = [];
      }
    }
    expect(people.some(({ round }) => round > 0)).toBe(true);
  });
});
