import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type Daemon, eventually, folderFor, runAs, startDaemon } from './daemons.ts';
import { freePort } from './free-port.ts';
import { missingPrograms } from './needs.ts';

const USER = 'mysql';
const MARIADB = '/usr/sbin/mariadbd';
const INSTALL = '/usr/bin/mariadb-install-db';
const RSYNC = '/usr/bin/rsync';
const PROVIDER = '/usr/lib/galera/libgalera_smm.so';

/** Names what this machine lacks for a cluster of MariaDB. */
export const missingGalera = () => missingPrograms(MARIADB, INSTALL, PROVIDER, RSYNC);

interface GaleraNode {
  readonly port: number;
  url(database?: string): string;
  query<R = Record<string, unknown>>(sql: string): Promise<R[]>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

export interface GaleraCluster {
  nodes: GaleraNode[];
  close(): Promise<void>;
}

/** Starts a cluster of MariaDB whose nodes all accept writes. */
export async function startGalera(count = 3): Promise<GaleraCluster> {
  const folder = await folderFor(USER);
  const started: Daemon[] = [];
  const close = async () => {
    await Promise.all(started.map((daemon) => daemon.end('SIGKILL')));
    await folder.remove();
  };
  try {
    const data = (index: number) => join(folder.path, `node-${index}`);
    runAs(USER, INSTALL, [
      '--no-defaults',
      `--datadir=${data(0)}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ]);
    const groupPorts: number[] = [];
    const nodes: GaleraNode[] = [];
    for (let index = 0; index < count; index++) groupPorts.push(await freePort());
    for (let index = 1; index < count; index++) {
      runAs(USER, '/usr/bin/cp', ['-r', data(0), data(index)]);
    }
    for (let index = 0; index < count; index++) {
      const { daemon, node } = await startNode(data(index), groupPorts, index);
      started.push(daemon);
      nodes.push(node);
      await eventually(`node ${index} of Galera`, async () => {
        const [size] = await node.query<{ Value: string }>(`show status like 'wsrep_cluster_size'`);
        const [ready] = await node.query<{ Value: string }>(`show status like 'wsrep_ready'`);
        if (Number(size!.Value) !== index + 1 || ready!.Value !== 'ON')
          throw new Error('not ready');
      });
    }
    return { nodes, close };
  } catch (error) {
    const output = started.at(-1)?.output.slice(-3000);
    await close();
    throw new Error(`Galera did not start: ${output}`, { cause: error });
  }
}

async function startNode(data: string, groupPorts: number[], index: number) {
  const port = await freePort();
  const group = groupPorts.map((groupPort) => `127.0.0.1:${groupPort}`);
  const daemon = startDaemon(USER, MARIADB, [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    `--socket=${data}/socket`,
    `--pid-file=${data}/pid`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
    '--wsrep-on=ON',
    `--wsrep-provider=${PROVIDER}`,
    `--wsrep-cluster-address=gcomm://${index === 0 ? '' : group.join(',')}`,
    `--wsrep-node-address=${group[index]}`,
    `--wsrep-node-name=node-${index}`,
    '--wsrep-sst-method=rsync',
    `--wsrep-sst-receive-address=127.0.0.1:${await freePort()}`,
    `--wsrep-provider-options=gmcast.listen_addr=tcp://${group[index]};ist.recv_addr=127.0.0.1:${await freePort()};gcache.size=16M`,
  ]);
  const url = (database = 'mysql') => `mysql://root@127.0.0.1:${port}/${database}`;
  const node: GaleraNode = {
    port,
    url,
    async query<R>(sql: string): Promise<R[]> {
      const connection = await createConnection(url());
      const [rows] = await connection.query<RowDataPacket[]>(sql).finally(() => connection.end());
      return rows as R[];
    },
    signal: daemon.signal,
    kill: () => daemon.end('SIGKILL'),
  };
  return { daemon, node };
}
