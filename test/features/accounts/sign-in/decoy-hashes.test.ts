import { parseOptions } from '@node-rs/argon2';
import { expect, it, onTestFinished } from 'vitest';
import { createAttemptLimiter } from '../../../../src/features/accounts/sign-in/attempt-limiter.ts';
import { createDecoyHashes } from '../../../../src/features/accounts/sign-in/decoy-hashes.ts';
import { createDecoyRepository } from '../../../../src/features/accounts/sign-in/decoy-repository.ts';
import {
  createPasswords,
  withCostOf,
} from '../../../../src/features/accounts/sign-in/passwords.ts';
import { createSignInService } from '../../../../src/features/accounts/sign-in/service.ts';
import { createStore } from '../../../../src/features/accounts/store.ts';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import { CHEAP_HASHES, freshEmail, register, signIn } from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { serverForTest } from '../../../helpers/server.ts';

const COST_1 = { ...CHEAP_HASHES, PASSWORD_PASSES: '1' };
const COST_3 = { ...CHEAP_HASHES, PASSWORD_PASSES: '3' };

describeOnEachDatabase('the cost of checking an unknown name', (database) => {
  it('is spread as those of the accounts are, is the same each time and on each server', {
    timeout: 60_000,
  }, async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const before = await serverForTest({ DATABASE_URL: url, ...COST_1 });
    const people = await Promise.all(Array.from({ length: 30 }, () => register(before)));
    const after = await serverForTest({ DATABASE_URL: url, ...COST_3 });
    const decoysOf = async ({ app }: typeof before) => {
      const tables = app.database.as<AccountTables>();
      return createDecoyHashes(createDecoyRepository(tables));
    };
    const [one, two] = [await decoysOf(before), await decoysOf(after)];
    const names = Array.from({ length: 100 }, () => freshEmail());
    const costs = async () => {
      const found: number[] = [];
      for (const name of names) {
        const decoyHash = (await one.find(name))!;
        expect(await two.find(name.toUpperCase())).toBe(decoyHash);
        found.push(parseOptions(decoyHash).timeCost!);
      }
      return found;
    };
    const shareOfRaised = (found: number[]) =>
      found.filter((cost) => cost === 3).length / found.length;

    const first = await costs();
    expect(shareOfRaised(first)).toBe(0);
    for (const person of people.slice(0, 15)) await signIn(after, person);
    const second = await costs();
    expect(shareOfRaised(second)).toBeGreaterThan(0.1);
    expect(shareOfRaised(second)).toBeLessThan(0.9);
    for (const person of people.slice(15)) await signIn(after, person);
    expect(shareOfRaised(await costs())).toBe(1);
  });

  it('is paid at each check, for names that are known and unknown', async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({ DATABASE_URL: url, ...COST_1 });
    const account = await register(server);
    const tables = server.app.database.as<AccountTables>();
    const store = createStore(tables);
    const { hash, attempts, sessionLifetime } = server.config.accounts;
    const passwords = await createPasswords(hash);
    const checks: { known: boolean; decoyHash: string | undefined }[] = [];
    const service = createSignInService({
      store,
      passwords: {
        ...passwords,
        verify(stored, password, decoyHash) {
          checks.push({ known: stored !== null, decoyHash });
          return passwords.verify(stored, password, decoyHash);
        },
      },
      limiter: createAttemptLimiter(store, attempts),
      decoyHashes: await createDecoyHashes(createDecoyRepository(tables)),
      sessionLifetime,
    });
    const client = { address: null, requestId: 'x', userAgent: '' };
    for (const username of [account.username, freshEmail()]) {
      const refused = service.signIn({ username }, 'a wrong password', client);
      await expect(refused).rejects.toMatchObject({ code: 'invalid_credentials' });
    }
    const { password_hash: decoyHash } = (await store.accounts.findById(account.id))!;
    expect(checks).toEqual([
      { known: true, decoyHash },
      { known: false, decoyHash },
    ]);
  });

  it('is that of the settings while there is no account', async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const { app } = await serverForTest({ DATABASE_URL: url, ...COST_1 });
    const tables = app.database.as<AccountTables>();
    const decoyHashes = await createDecoyHashes(createDecoyRepository(tables));
    expect(await decoyHashes.find('anybody')).toBeUndefined();
  });
});

it('a decoy lends its settings, and neither its salt nor its hash', () => {
  const model = '$argon2id$v=19$m=64,t=3,p=2$c2FsdA$aGFzaA';
  const own = '$argon2id$v=19$m=32,t=1,p=1$b3du$b3duIGhhc2g';
  expect(withCostOf(model, own)).toBe('$argon2id$v=19$m=64,t=3,p=2$b3du$b3duIGhhc2g');
});
