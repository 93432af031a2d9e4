import { type Kysely, sql } from 'kysely';

/** Tells whether a server is a node of Galera, whose locks other nodes do not see. */
export async function isGalera(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ Value: string }>`show variables like 'wsrep_on'`.execute(db);
  return rows[0]?.Value === 'ON';
}
