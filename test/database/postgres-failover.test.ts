import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { OutcomeUnknown } from '../../src/database/errors.ts';
import { expectJson, register, send, signIn } from '../helpers/accounts.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { needing } from '../helpers/needs.ts';
import { startOrderLoad } from '../helpers/order-load.ts';
import {
  missingPostgres,
  type PostgresNode,
  startPrimary,
  startStandby,
} from '../helpers/postgres-cluster.ts';
import { replicasOn } from '../helpers/replicas.ts';
import type { Product } from '../helpers/shop.ts';

const missing = missingPostgres();

/** A primary with a standby that has each commit before it is acknowledged. */
const SYNCHRONOUS = ['synchronous_standby_names=*', 'synchronous_commit=on'];

/** Starts a cluster with the database `tally`; `url` names the hosts of both nodes. */
async function startPair() {
  const primary = await startPrimary(SYNCHRONOUS);
  const nodes: PostgresNode[] = [primary];
  const drop = async () => void (await Promise.all(nodes.map((node) => node.close())));
  try {
    nodes.push(await startStandby(primary));
    await primary.query('create database tally');
  } catch (error) {
    await drop();
    throw error;
  }
  const [{ port: first }, { port: second }] = nodes as [PostgresNode, PostgresNode];
  const url = `postgres://postgres@127.0.0.1:${second},127.0.0.1:${first}/tally?target_session_attrs=read-write`;
  return { primary, standby: nodes[1]!, url, drop };
}

let pair: Awaited<ReturnType<typeof startPair>>;
const cluster: TestDatabase = {
  name: 'PostgreSQL with a standby',
  kind: 'postgres',
  async create() {
    pair = await startPair();
    return pair;
  },
};

describe.skipIf(missing)(needing('two servers on PostgreSQL with a standby', missing), () => {
  const fleet = replicasOn(cluster, 2);

  it('lose, repeat and oversell nothing when the primary is killed, and go on at the promoted standby', async () => {
    const [one, two] = fleet.replicas;
    const token = (await signIn(one!, await register(two!))).access_token;
    const body = { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock: 100_000 };
    const product = await expectJson<Product>(
      send(one!, 'POST', '/products', { token: fleet.admin, body }),
      201,
    );
    const load = startOrderLoad(fleet.replicas, token, product);
    await setTimeout(3000);
    await pair.primary.kill();
    await setTimeout(500);
    const before = load.acknowledged.length;
    await setTimeout(3000);
    expect(load.acknowledged.length).toBe(before);
    const readiness = await fetch(`${one!.url}/health/ready`);
    expect([readiness.status, readiness.headers.get('retry-after')]).toEqual([503, '1']);

    const promotion = performance.now();
    await pair.standby.promote();
    await setTimeout(6000);
    await load.stop();

    const reckoning = await load.reckon(fleet.database);
    const first = load.acknowledged.find((at) => at > promotion)!;
    const seconds = (first - promotion) / 1000;
    console.info('PostgreSQL, primary killed and standby promoted:', {
      ...reckoning,
      answers: load.answers,
      'seconds from promotion to the first order': Number(seconds.toFixed(2)),
    });
    expect(reckoning).toMatchObject({ lost: 0, duplicated: 0, misbooked: 0 });
    expect(before).toBeGreaterThan(20);
    expect(reckoning.acknowledged).toBeGreaterThan(before + 20);
    expect(seconds).toBeLessThan(5);
    expect(Object.keys(load.answers).toSorted()).not.toContain('broken');
  }, 90_000);
});

describe.skipIf(missing)(needing('a URL with several hosts of PostgreSQL', missing), () => {
  async function openPair() {
    const made = await startPair();
    onTestFinished(made.drop);
    const database = openDatabase<unknown>(loadConfig({ DATABASE_URL: made.url }).database);
    onTestFinished(() => database.close());
    await sql`create table entries (id integer primary key)`.execute(database.db);
    return { ...made, database };
  }

  it('leads to the primary, wherever it is, and says of each host why it cannot be used', async () => {
    const { database, primary, standby } = await openPair();
    const insert = (id: number) => sql`insert into entries values (${id})`.execute(database.db);
    await insert(1);
    // A primary that stops answering, as one whose machine is off.
    primary.signal('SIGSTOP');
    const failed = await insert(2).catch((error) => error);
    expect(failed).toBeInstanceOf(OutcomeUnknown);
    const promotion = performance.now();
    await standby.promote();
    await expect.poll(() => insert(3).then(() => 'done', String), { timeout: 15_000 }).toBe('done');
    const seconds = (performance.now() - promotion) / 1000;
    console.info('Seconds from promotion to the first write, primary silent:', seconds.toFixed(2));
    expect(seconds).toBeLessThan(5);
    await primary.kill();
    await standby.kill();
    await expect
      .poll(() => insert(4).catch(({ cause }) => String(cause)), { timeout: 5000 })
      .toMatch(
        /no host accepts writes: 127\.0\.0\.1:\d+ \(connect ECONNREFUSED.*\), 127\.0\.0\.1:\d+ \(/,
      );
  }, 90_000);

  it('acknowledges no commit that the synchronous standby does not have', async () => {
    const { database, primary, standby } = await openPair();
    const insert = (id: number) =>
      database.transaction((trx) => sql`insert into entries values (${id})`.execute(trx));
    await insert(1);
    standby.signal('SIGSTOP');
    const waiting = insert(2).catch((error) => error);
    await setTimeout(1000);
    // As an operator may do who sees that it hangs: PostgreSQL then reports success, with a warning.
    await primary.query(
      `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
    );
    expect(await waiting).toBeInstanceOf(OutcomeUnknown);
  }, 60_000);
});
