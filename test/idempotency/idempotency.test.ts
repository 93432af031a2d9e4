import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { claimOf } from '../../src/idempotency/claim.ts';
import { createIdempotency } from '../../src/idempotency/idempotency.ts';
import type { IdempotencyTables } from '../../src/idempotency/tables.ts';
import {
  describeOnEachDatabase,
  migratedDatabaseForTest,
  type TestDatabase,
} from '../helpers/databases.ts';

const DAY = 86_400_000;

async function setUp(kind: TestDatabase) {
  const config = await migratedDatabaseForTest(kind);
  const open = () => {
    const database = openDatabase<IdempotencyTables>(config);
    onTestFinished(() => database.close());
    return { database, idempotency: createIdempotency(database, DAY) };
  };
  return { ...open(), open };
}

const claimFor = (members: Partial<Parameters<typeof claimOf>[0]> = {}) =>
  claimOf({ sender: 'ada', operation: 'POST /things', key: 'key', content: { a: 1 }, ...members });

describe('a claim', () => {
  it('is of one sender, operation and key', () => {
    const claims = [
      claimFor(),
      claimFor({ sender: 'bob' }),
      claimFor({ operation: 'POST /others' }),
      claimFor({ key: 'other' }),
      claimFor({ sender: 'ada","POST /things', operation: '' }),
    ];
    const hashes = claims.flatMap(({ keyHash, sealingKey }) => [keyHash, sealingKey]);
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(hashes.length);
  });

  it('depends on what is asked for, and not on the order of members', () => {
    const requestOf = (content: unknown) => claimFor({ content }).requestHash.toString('hex');
    expect(requestOf({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(
      requestOf({ b: { d: [1, 2], c: 2 }, a: 1 }),
    );
    const others = [{ a: '1' }, { a: 1, b: 2 }, { a: [1] }, { a: null }, [1], { a: { a: 1 } }];
    const hashes = [{ a: 1 }, ...others].map(requestOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(requestOf({ d: [1, 2] })).not.toBe(requestOf({ d: [2, 1] }));
  });
});

describeOnEachDatabase('idempotency', (kind) => {
  it('leaves no record of a request that failed', async () => {
    const { idempotency, database } = await setUp(kind);
    const refused = idempotency.once(claimFor(), async () => {
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    const rows = await database.db.selectFrom('idempotency_records').selectAll().execute();
    expect(rows).toEqual([]);
    expect(await idempotency.once(claimFor(), async () => 2)).toEqual({
      result: 2,
      replayed: false,
    });
  });

  it('keeps results where the key alone opens them', async () => {
    const { idempotency, database } = await setUp(kind);
    const secret = randomUUID();
    await idempotency.once(claimFor({ key: secret }), async () => ({ token: secret }));
    const rows = await database.db.selectFrom('idempotency_records').selectAll().execute();
    const stored = rows.flatMap((row) => Object.values(row)).map(String);
    const decoded = rows.map(({ sealed_result }) =>
      Buffer.from(sealed_result, 'base64').toString(),
    );
    for (const text of [...stored, ...decoded]) expect(text).not.toContain(secret.slice(0, 8));
    const again = await idempotency.once(claimFor({ key: secret }), async () => 'not run');
    expect(again).toEqual({ result: { token: secret }, replayed: true });
  });

  it('keeps results of any size', async () => {
    const { idempotency } = await setUp(kind);
    const large = { text: 'ä'.repeat(200_000) };
    await idempotency.once(claimFor(), async () => large);
    expect((await idempotency.once(claimFor(), async () => large)).replayed).toBe(true);
  });

  it('refuses a second request while the first is in progress, and answers it afterwards', async () => {
    const { idempotency } = await setUp(kind);
    let finish = (_: number) => {};
    const held = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const first = idempotency.singleFlight(claimFor(), async () => {
      const result = await held;
      return idempotency.commit(claimFor(), async () => result);
    });
    const second = idempotency.singleFlight(claimFor(), async () => ({
      result: 0,
      replayed: false,
    }));
    await expect(second).rejects.toMatchObject({ code: 'idempotency_in_progress' });
    finish(7);
    expect(await first).toEqual({ result: 7, replayed: false });
    const third = idempotency.singleFlight(claimFor(), async () => ({
      result: 0,
      replayed: false,
    }));
    expect(await third).toEqual({ result: 7, replayed: true });
  });

  it('runs one of those that reach several servers at once', async () => {
    const { open } = await setUp(kind);
    const servers = Array.from({ length: 4 }, () => open().idempotency);
    let runs = 0;
    const results = await Promise.all(
      servers.map((server) =>
        server.once(claimFor(), async () => {
          runs++;
          return runs;
        }),
      ),
    );
    expect(new Set(results.map(({ result }) => result)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('forgets requests after their lifetime, and removes them', async () => {
    const { idempotency, database } = await setUp(kind);
    await idempotency.once(claimFor(), async () => 1);
    await idempotency.once(claimFor({ key: 'young' }), async () => 1);
    const age = (milliseconds: number) =>
      database.db
        .updateTable('idempotency_records')
        .set({ created_at: Date.now() - milliseconds })
        .where('key_hash', '=', claimFor().keyHash)
        .execute();
    await age(DAY - 60_000);
    await idempotency.removeExpired();
    expect(await idempotency.once(claimFor(), async () => 2)).toEqual({
      result: 1,
      replayed: true,
    });
    await age(DAY + 1);
    expect(await idempotency.once(claimFor(), async () => 2)).toEqual({
      result: 2,
      replayed: false,
    });
    await age(DAY + 1);
    await idempotency.removeExpired();
    const rows = await database.db.selectFrom('idempotency_records').select('key_hash').execute();
    expect(rows.map(({ key_hash }) => key_hash)).toEqual([claimFor({ key: 'young' }).keyHash]);
  });

  it('removes more than it removes at once', async () => {
    const { idempotency, database } = await setUp(kind);
    const records = Array.from({ length: 2500 }, (_, index) => ({
      key_hash: claimFor({ key: String(index) }).keyHash,
      request_hash: Buffer.alloc(32),
      sealed_result: '',
      created_at: 1,
    }));
    await database.db.insertInto('idempotency_records').values(records).execute();
    await idempotency.removeExpired();
    expect(
      await database.db.selectFrom('idempotency_records').select('key_hash').execute(),
    ).toEqual([]);
  });
});
