import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { migrations } from '../../src/migrations.ts';
import { expectJson, register, send, signIn } from '../helpers/accounts.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { type GaleraCluster, missingGalera, startGalera } from '../helpers/galera-cluster.ts';
import { needing } from '../helpers/needs.ts';
import { startOrderLoad } from '../helpers/order-load.ts';
import { itAgreesInRaces } from '../helpers/races.ts';
import { replicasOn } from '../helpers/replicas.ts';
import type { Product } from '../helpers/shop.ts';

const missing = missingGalera();

/** Lists the nodes, beginning with one of them. */
function urlFrom({ nodes }: GaleraCluster, first: number, database: string): string {
  const hosts = nodes.map((_, index) => `127.0.0.1:${nodes[(first + index) % nodes.length]!.port}`);
  return `mysql://root@${hosts.join(',')}/${database}`;
}

let cluster: GaleraCluster;
const galera: TestDatabase = {
  name: 'Galera',
  kind: 'mysql',
  async create() {
    cluster = await startGalera();
    await cluster.nodes[0]!.query('create database tally');
    return { url: urlFrom(cluster, 0, 'tally'), drop: cluster.close };
  },
};

describe.skipIf(missing)(needing('three servers on the three nodes of Galera', missing), () => {
  const fleet = replicasOn(galera, 3, {
    urlOf: (_, index) => urlFrom(cluster, index, 'tally'),
  });

  itAgreesInRaces(fleet);

  it('change at one node the row that another has just inserted', async () => {
    const [one, two] = [0, 1].map((index) =>
      openDatabase<ShopTables>(
        loadConfig({ DATABASE_URL: urlFrom(cluster, index, 'tally') }).database,
      ),
    );
    onTestFinished(async () => {
      await one!.close();
      await two!.close();
    });
    const changed: bigint[] = [];
    for (let uses = 0; uses < 200; uses++) {
      const id = { promotion_id: `promotion-${uses}`, user_id: 'ada' };
      await one!.db
        .insertInto('promotion_uses')
        .values({ ...id, uses })
        .execute();
      const update = two!.db.updateTable('promotion_uses').set({ uses: -1 });
      const { numUpdatedRows } = await update
        .where('promotion_id', '=', id.promotion_id)
        .executeTakeFirstOrThrow();
      changed.push(numUpdatedRows);
    }
    expect(changed).toEqual(Array(200).fill(1n));
  });

  it('migrate once when they start at once', async () => {
    await cluster.nodes[1]!.query('create database fresh');
    const runs = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const config = loadConfig({ DATABASE_URL: urlFrom(cluster, index, 'fresh') });
        return migrate(config.database, migrations);
      }),
    );
    expect(runs.flat().toSorted()).toEqual(Object.keys(migrations).toSorted());
  }, 60_000);

  it('lose, repeat and oversell nothing when a node is killed, and go on at the others', async () => {
    const [one, two] = fleet.replicas;
    const token = (await signIn(one!, await register(two!))).access_token;
    const body = { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock: 100_000 };
    const product = await expectJson<Product>(
      send(one!, 'POST', '/products', { token: fleet.admin, body }),
      201,
    );
    const load = startOrderLoad(fleet.replicas, token, product);
    await setTimeout(3000);
    const before = load.acknowledged.length;
    await cluster.nodes[0]!.kill();
    await setTimeout(12_000);
    await load.stop();
    const reckoning = await load.reckon(fleet.database);
    console.info('Galera, one of three nodes killed:', {
      ...reckoning,
      answers: load.answers,
      'longest pause between two orders, in seconds': Number((load.longestPause / 1000).toFixed(2)),
    });
    expect(reckoning).toMatchObject({ lost: 0, duplicated: 0, misbooked: 0 });
    expect(before).toBeGreaterThan(20);
    expect(reckoning.acknowledged).toBeGreaterThan(before + 20);
    expect(Object.keys(load.answers)).not.toContain('broken');
  }, 90_000);
});
