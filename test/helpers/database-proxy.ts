import { onTestFinished } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { databases, type TestDatabase } from './databases.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import type { Protocol } from './wire-protocols.ts';

/** The databases that are servers, which can be behind a proxy. */
export const databaseServers = databases.filter(({ kind }) => kind !== 'sqlite');

const PROTOCOLS: Record<string, { protocol: Protocol; port: number }> = {
  'postgres:': { protocol: 'postgres', port: 5432 },
  'mysql:': { protocol: 'mysql', port: 3306 },
};

export interface ProxiedDatabase {
  proxy: TcpProxy;
  /** URL of the database through the proxy. */
  url: string;
  config: Config['database'];
  /** URL of the database without the proxy. */
  directConfig: Config['database'];
}

/** Starts a proxy to the server of a database; `url` leads through it. */
export async function startDatabaseProxy(directUrl: string) {
  const url = new URL(directUrl);
  const { protocol, port } = PROTOCOLS[url.protocol]!;
  const proxy = await startTcpProxy(url.hostname, Number(url.port) || port, protocol);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

/** Creates an empty database behind a proxy; both are removed when the test that calls it ends. */
export async function proxiedDatabase(database: TestDatabase): Promise<ProxiedDatabase> {
  const { url: directUrl, drop } = await database.create();
  onTestFinished(drop);
  const { proxy, url } = await startDatabaseProxy(directUrl);
  onTestFinished(proxy.close);
  const configOf = (location: string) => loadConfig({ DATABASE_URL: location }).database;
  return { proxy, url, config: configOf(url), directConfig: configOf(directUrl) };
}
