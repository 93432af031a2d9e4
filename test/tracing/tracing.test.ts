import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { CHEAP_HASHES, PASSWORD, register, send } from '../helpers/accounts.ts';
import { collectorForTest } from '../helpers/collector.ts';
import { freePort } from '../helpers/free-port.ts';
import { fixture, uploaded, userWith } from '../helpers/images.ts';
import { serverForTest } from '../helpers/server.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** Starts a server that sends traces to a collector. */
async function tracedServer(environment: Record<string, string> = {}) {
  const collector = await collectorForTest();
  const server = await serverForTest({
    ...CHEAP_HASHES,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...environment,
  });
  return { collector, server };
}

describe('the traces', () => {
  it('have a span of each request, and below it its statements and password hashes without values', async () => {
    const { server, collector } = await tracedServer();
    const account = await register(server);
    const body = { email: account.email, password: PASSWORD };
    const headers = { traceparent: PARENT };
    expect((await send(server, 'POST', '/accounts/login', { body, headers })).status).toBe(200);
    await server.close();

    const spans = collector.spans().filter(({ traceId }) => traceId === TRACE_ID);
    const root = spans.find(({ kind }) => kind === 2)!;
    expect(root).toMatchObject({
      name: 'POST /accounts/login',
      parentSpanId: '00f067aa0ba902b7',
      attributes: {
        'http.route': '/accounts/login',
        'http.request.method': 'POST',
        'http.response.status_code': 200,
      },
    });
    const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    expect(children).toHaveLength(spans.length - 1);
    const names = children.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['statement select', 'statement commit', 'password_hash verify']),
    );
    const [insert] = children.filter(({ name }) => name === 'statement insert');
    expect(insert!.attributes['db.query.text']).toMatch(/^insert into .*values \(\?/);
    for (const span of children) {
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(
        BigInt(root.startTimeUnixNano) - 1_000_000n,
      );
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    }
    for (const secret of [account.email, PASSWORD]) expect(collector.text()).not.toContain(secret);
  });

  it('have storage and decoding, and the pattern of the route in place of ids', async () => {
    const { server, collector } = await tracedServer();
    const owner = await userWith(server);
    const { id } = await uploaded(server, owner, fixture('baseline.jpg'));
    await send(server, 'GET', `/images/${id}?secret=1`, owner);
    await send(server, 'GET', '/unknown-secret');
    await server.close();
    const names = collector.spans().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'storage put',
        'image_decoding jpeg',
        'GET /images/:id',
        'GET unknown',
      ]),
    );
    expect(collector.text()).not.toContain('secret');
  });

  it('mark failures of the server, with the kind of the error and not its text', async () => {
    const collector = await collectorForTest();
    const server = await serverForTest({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, (app) => {
      app.get('/fails', async () => {
        await sql`select * from no_such_secret`.execute(app.database.db);
      });
    });
    await fetch(`${server.url}/fails`);
    await server.close();
    const spans = collector.spans().filter(({ status }) => status.code === 2);
    expect(spans.map(({ name }) => name).sort()).toEqual(['GET /fails', 'statement select']);
    expect(spans.map(({ attributes }) => attributes['error.type']).sort()).toEqual([
      '500',
      'SqliteError',
    ]);
    expect(collector.text()).not.toContain('no such table');
  });

  it('describe the server by the standard variables, and send its headers', async () => {
    const { server, collector } = await tracedServer({
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%20one,team=a',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x',
    });
    await fetch(`${server.url}/health/live`);
    await server.close();
    expect(collector.resource()).toMatchObject({
      'service.name': 'shop',
      'service.version': '0.1.0',
      'deployment.environment.name': 'test one',
      team: 'a',
    });
    const [request] = collector.requests;
    expect(request).toMatchObject({ path: '/v1/traces', headers: { authorization: 'Bearer x' } });
    expect(server.logs()).not.toContain('Bearer x');
  });

  it('have their id in the log lines of the request', async () => {
    const { server } = await tracedServer();
    await fetch(`${server.url}/health/live`, { headers: { traceparent: PARENT } });
    const line = () =>
      server
        .logs()
        .split('\n')
        .find((text) => text.includes('"msg":"request"'));
    await expect.poll(line).toContain(`"trace_id":"${TRACE_ID}"`);
  });

  it('follow the sampler, and the decision of the caller', async () => {
    const { server, collector } = await tracedServer({
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    await fetch(`${server.url}/health/live`);
    await fetch(`${server.url}/health/live`, { headers: { traceparent: PARENT } });
    await server.close();
    expect(collector.spans().map(({ traceId }) => traceId)).toEqual([TRACE_ID]);
  });

  it('ignore a traceparent that is none', async () => {
    const { server, collector } = await tracedServer();
    for (const traceparent of [
      'x',
      `${PARENT}${'0'.repeat(3000)}`,
      PARENT.replace(TRACE_ID, '0'.repeat(32)),
    ]) {
      expect((await fetch(`${server.url}/health/live`, { headers: { traceparent } })).status).toBe(
        200,
      );
    }
    await server.close();
    expect(new Set(collector.spans().map(({ traceId }) => traceId)).size).toBe(3);
    expect(collector.text()).not.toContain(TRACE_ID);
  });
});

describe('a collector that cannot be reached', () => {
  it('fails no request, is logged once, and does not keep the server from ending', async () => {
    const server = await serverForTest({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    });
    const failures = () => server.logs().split('traces cannot be sent').length - 1;
    const deadline = performance.now() + 20_000;
    while (failures() === 0 && performance.now() < deadline) {
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
      await setTimeout(100);
    }
    await server.close();
    expect(failures()).toBe(1);
  });
});
