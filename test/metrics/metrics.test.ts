import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { CHEAP_HASHES, PASSWORD, register, send, signIn } from '../helpers/accounts.ts';
import { describeOnEachDatabase } from '../helpers/databases.ts';
import { fixture, uploaded, userWith } from '../helpers/images.ts';
import { metricsSettings, readMetrics, total } from '../helpers/metrics.ts';
import { openConnection } from '../helpers/raw-http.ts';
import { guestToken, serverForTest } from '../helpers/server.ts';

/** Starts a server with metrics, and returns it with a function that reads them. */
async function measuredServer(...[settings, prepare]: Parameters<typeof serverForTest>) {
  const { settings: port, metricsUrl } = await metricsSettings();
  const server = await serverForTest({ ...CHEAP_HASHES, ...port, ...settings }, prepare);
  return { server, metricsUrl, read: () => readMetrics(metricsUrl) };
}

/** Sends a method that fetch would not. */
function statusAndAllow(url: string, method: string): Promise<[number, string | undefined]> {
  return new Promise((resolve, reject) => {
    request(url, { method, agent: false }, (response) => {
      response.resume();
      resolve([response.statusCode!, response.headers.allow]);
    })
      .on('error', reject)
      .end();
  });
}

describe('the metrics of requests', () => {
  it('count by pattern of the route, method and status, never by id or unknown path', async () => {
    const { server, read } = await measuredServer();
    const { url } = server;
    const id = '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a';
    const paths = [`/products/${id}`, '/secret-in-a-path', '/another?token=secret', '/docs/none'];
    for (const path of paths) await (await fetch(url + path)).arrayBuffer();
    await statusAndAllow(url, 'PROPFIND');
    const samples = await read();
    const name = 'http_request_duration_seconds_count';
    expect(total(samples, name, { method: 'GET', route: '/products/:id' })).toBe(1);
    expect(total(samples, name, { route: 'unknown', status: 404, method: 'GET' })).toBe(3);
    expect(total(samples, name, { method: 'OTHER' })).toBe(1);
    const text = [...samples.keys()].join('\n');
    for (const secret of [id, 'secret', 'another', 'PROPFIND']) expect(text).not.toContain(secret);
  });

  it('have the sizes of bodies, and the codes of problems', async () => {
    const { server, read } = await measuredServer();
    const headers = {
      authorization: `Bearer ${await guestToken(server)}`,
      'content-type': 'application/json',
    };
    for (const body of ['[1,2,3]', '[1,2']) {
      await (await fetch(`${server.url}/sum`, { method: 'POST', headers, body })).text();
    }
    const samples = await read();
    const sum = { method: 'POST', route: '/sum' };
    expect(total(samples, 'http_request_body_bytes_total', sum)).toBe(11);
    expect(total(samples, 'http_response_body_bytes_total', sum)).toBeGreaterThan(75);
    expect(total(samples, 'tally_sum_document_bytes_total')).toBe(7);
    expect(total(samples, 'tally_problems_total', { code: 'malformed_json' })).toBe(1);
  });

  it('count the bytes of streamed documents after decoding, and those in threads', async () => {
    const { server, read } = await measuredServer();
    const headers = {
      authorization: `Bearer ${await guestToken(server)}`,
      'content-type': 'application/json',
    };
    const body = `[${'1,'.repeat(2 ** 20)}1]`;
    const response = await fetch(`${server.url}/sum`, {
      method: 'POST',
      headers,
      body,
    });
    expect(response.status).toBe(200);
    const samples = await read();
    expect(total(samples, 'tally_sum_document_bytes_total')).toBe(body.length);
    expect(total(samples, 'tally_sums_in_threads')).toBe(0);
  });

  it('count a request whose client disconnects once, as aborted, and none stays in flight', async () => {
    let begin: () => void;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { server, read } = await measuredServer({}, (app) => {
      app.get('/never', () => {
        begin();
        return new Promise(() => undefined);
      });
    });
    const socket = await openConnection(server.url);
    socket.write('GET /never HTTP/1.1\r\nhost: x\r\n\r\n');
    await begun;
    expect(total(await read(), 'http_requests_in_flight')).toBe(1);
    expect(total(await read(), 'tally_connections')).toBe(1);
    socket.destroy();
    const aborted = async () =>
      total(await read(), 'http_request_duration_seconds_count', { status: 'aborted' });
    await expect.poll(aborted).toBe(1);
    expect(total(await read(), 'http_requests_in_flight')).toBe(0);
    expect(total(await read(), 'tally_connections')).toBe(0);
  });

  it('have the durations in cumulative buckets, from the first that is long enough', async () => {
    const { server, read } = await measuredServer({}, (app) => {
      app.get('/slow', async () => setTimeout(120, {}));
    });
    for (let sent = 0; sent < 2; sent++) await (await fetch(`${server.url}/slow`)).text();
    const samples = await read();
    const slow = { method: 'GET', route: '/slow', status: 200 };
    const upTo = (le: number | string) =>
      total(samples, 'http_request_duration_seconds_bucket', { ...slow, le });
    expect([0.001, 0.05, 0.1].map(upTo)).toEqual([0, 0, 0]);
    expect([30, '+Inf'].map(upTo)).toEqual([2, 2]);
    expect(upTo(2.5)).toBeLessThanOrEqual(upTo(5));
    expect(total(samples, 'http_request_duration_seconds_count', slow)).toBe(2);
    expect(total(samples, 'http_request_duration_seconds_sum', slow)).toBeGreaterThan(0.2);
  });

  it('count each request of a connection, and its end after an answer as none', async () => {
    const { server, read } = await measuredServer();
    const socket = await openConnection(server.url);
    socket.resume().write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3));
    const count = async (labels: object) =>
      total(await read(), 'http_request_duration_seconds_count', { ...labels });
    await expect.poll(() => count({ route: '/health/live', status: 200 })).toBe(3);
    socket.destroy();
    await expect.poll(async () => total(await read(), 'tally_connections')).toBe(0);
    expect(await count({})).toBe(3);
    expect(total(await read(), 'http_requests_in_flight')).toBe(0);
  });

  it('count connections that are refused, by the setting', async () => {
    const { server, read } = await measuredServer({
      MAX_CONNECTIONS: '1',
      MAX_CONNECTION_SHARE: '1',
    });
    const first = await openConnection(server.url);
    const second = await openConnection(server.url);
    await new Promise((resolve) => second.once('close', resolve));
    first.destroy();
    const samples = await read();
    const setting = 'MAX_CONNECTIONS';
    expect(total(samples, 'tally_connections_refused_total', { setting })).toBe(1);
  });
});

describe('the metrics of accounts and images', () => {
  it('count registrations, sign-ins and failures, with the queue of password hashes', async () => {
    const { server, read } = await measuredServer();
    const account = await register(server);
    await signIn(server, account);
    const wrong = { email: account.email, password: `not ${PASSWORD}` };
    expect((await send(server, 'POST', '/accounts/login', { body: wrong })).status).toBe(401);
    const samples = await read();
    expect(total(samples, 'tally_registrations_total')).toBe(1);
    expect(total(samples, 'tally_sign_ins_total', { outcome: 'succeeded' })).toBe(1);
    expect(total(samples, 'tally_sign_ins_total', { outcome: 'failed' })).toBe(1);
    expect(total(samples, 'tally_password_hash_duration_seconds_count')).toBe(3);
    expect(total(samples, 'tally_queue_wait_seconds_count', { queue: 'password_hashes' })).toBe(3);
    expect(total(samples, 'tally_queue_tasks', { queue: 'password_hashes' })).toBe(0);
  });

  it('count what a full queue refuses', async () => {
    const { server, read } = await measuredServer({
      PASSWORD_MEMORY: '65536',
      PASSWORD_THREADS: '1',
      PASSWORD_QUEUE: '4',
    });
    await Promise.allSettled(Array.from({ length: 6 }, () => register(server)));
    const samples = await read();
    const refused = total(samples, 'tally_queue_refused_total', { queue: 'new_password_hashes' });
    expect(refused).toBeGreaterThan(0);
    expect(total(samples, 'tally_problems_total', { code: 'busy' })).toBe(refused);
  });

  it('have the times of the storage and of decoders', async () => {
    const { server, read } = await measuredServer();
    await uploaded(server, await userWith(server), fixture('baseline.jpg'));
    const samples = await read();
    const stored = total(samples, 'tally_storage_operation_duration_seconds_count', {
      operation: 'put',
    });
    expect(stored).toBeGreaterThan(0);
    expect(total(samples, 'tally_image_decoding_duration_seconds_count')).toBe(1);
    expect(total(samples, 'tally_storage_errors_total')).toBe(0);
  });
});

describeOnEachDatabase('the metrics of the database', (database) => {
  it('have statements by their first word, errors by kind, and connections', async () => {
    const { url, drop } = await database.create();
    const { server, read } = await measuredServer({ DATABASE_URL: url });
    const { db, transaction } = server.app.database;
    await register(server);
    await sql`select * from no_such_table`.execute(db).catch(() => undefined);
    await transaction(async (trx) => {
      const samples = await read();
      expect(total(samples, 'tally_database_connections', { state: 'in_use' })).toBe(1);
      await sql`select 1`.execute(trx);
    }).catch((error) => {
      // SQLite has one connection, which the check of readiness waits for.
      if (database.kind !== 'sqlite') throw error;
    });
    const samples = await read();
    const statements = (operation: string) =>
      total(samples, 'tally_database_statement_duration_seconds_count', { operation });
    for (const operation of ['select', 'insert', 'update', 'begin', 'commit']) {
      expect([operation, statements(operation)]).toEqual([operation, expect.any(Number)]);
      expect(statements(operation)).toBeGreaterThan(0);
    }
    expect(total(samples, 'tally_database_errors_total', { kind: 'other' })).toBe(1);
    expect(total(samples, 'tally_database_connections', { state: 'in_use' })).toBe(0);
    expect(total(samples, 'tally_database_connections', { state: 'idle' })).toBeGreaterThan(0);
    expect(total(samples, 'tally_database_connections', { state: 'waiting' })).toBe(0);
    await server.close();
    await drop();
  });
});

describe('the server of the metrics', () => {
  it('answers GET and HEAD at /metrics alone', async () => {
    const { metricsUrl } = await measuredServer();
    const response = await fetch(`${metricsUrl}?name=x`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('process_cpu_seconds_total');
    const head = await fetch(metricsUrl, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
    expect(await statusAndAllow(metricsUrl, 'POST')).toEqual([405, 'GET, HEAD']);
    expect(await statusAndAllow(metricsUrl.replace('metrics', ''), 'GET')).toEqual([
      404,
      undefined,
    ]);
  });

  it('names the version, and the parts that are ready', async () => {
    const { read } = await measuredServer();
    const samples = await read();
    expect([...samples.keys()]).toContain('tally_build_info{version="0.1.0"}');
    expect([...samples.keys()]).not.toContain('tally_redis_connected');
    for (const part of ['database', 'storage', 'closing'])
      expect(total(samples, 'tally_ready', { part })).toBe(1);
  });

  it('is off by default, and keeps several servers of a process apart', async () => {
    const plain = await serverForTest();
    const [one, other] = [await measuredServer(), await measuredServer()];
    await (await fetch(`${one.server.url}/tiers`)).text();
    await (await fetch(`${plain.url}/tiers`)).text();
    const count = async ({ read }: typeof one) =>
      total(await read(), 'http_request_duration_seconds_count');
    expect(await count(one)).toBe(1);
    expect(await count(other)).toBe(0);
  });

  it('keeps the server from starting if its port is in use, and says so', async () => {
    const { metricsUrl } = await measuredServer();
    const { port } = new URL(metricsUrl);
    await expect(serverForTest({ METRICS_PORT: port })).rejects.toThrow(
      `METRICS_PORT: port ${port} is in use`,
    );
  });

  it('answers until the last request is finished, and then ends', async () => {
    let finish: (value: object) => void = () => undefined;
    const { server, read, metricsUrl } = await measuredServer({}, (app) => {
      app.get(
        '/slow',
        () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
      );
    });
    const slow = fetch(`${server.url}/slow`);
    await expect.poll(async () => total(await read(), 'http_requests_in_flight')).toBe(1);
    const closed = server.close();
    await expect.poll(async () => total(await read(), 'tally_ready', { part: 'closing' })).toBe(0);
    expect(total(await read(), 'http_requests_in_flight')).toBe(1);
    finish({});
    expect((await slow).status).toBe(200);
    await closed;
    await expect(fetch(metricsUrl)).rejects.toThrow();
  });
});
