import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createLinkRepository } from '../../../src/features/images/links/repository.ts';
import type { ImageTables } from '../../../src/features/images/tables.ts';
import { serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import { fixture, uploaded, userWith } from '../../helpers/images.ts';

describeOnEachDatabase('the rows of links', (database) => {
  const server = serverOn(database);

  it('are removed once they have expired, and no others', async () => {
    const owner = await userWith(server.current);
    const { id } = await uploaded(server.current, owner, fixture('one-pixel.png'));
    const tables = server.current.app.database.as<ImageTables>();
    const links = createLinkRepository(tables);
    const [expired, alive] = [1000, 3000];
    const rows = Array.from({ length: 1205 }, (_, index) => ({
      id: randomUUID(),
      image_id: id,
      size: '200px',
      created_at: 0,
      expires_at: [expired, alive, null][index % 3]!,
      by_administrator: 0,
    }));
    await tables.db.insertInto('image_links').values(rows.slice(0, 600)).execute();
    await tables.db.insertInto('image_links').values(rows.slice(600)).execute();
    expect(await links.deleteExpired(2000)).toBe(402);
    const left = await tables.db.selectFrom('image_links').select('expires_at').execute();
    expect(left.filter(({ expires_at }) => expires_at === expired)).toEqual([]);
    expect(left).toHaveLength(1205 - 402);
  });
});
