import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Nginx, prepareNginx, startNginx } from '../../scripts/lib/cluster/nginx.ts';
import { hasTool } from '../docs/tools.ts';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { runToEnd, type ServerProcess, startServerProcess } from '../helpers/process.ts';
import { guestToken } from '../helpers/server.ts';

describe.runIf(hasTool('nginx') && hasTool('openssl'))('deploy/nginx', { timeout: 120_000 }, () => {
  const everything = new AsyncDisposableStack();
  let server: ServerProcess;
  let nginx: Nginx;
  let ca: string;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-nginx-'));
    everything.defer(() => rm(folder, { recursive: true }));
    const site = { folder, everything };
    nginx = await prepareNginx(site);
    ca = await readFile(nginx.certificate, 'utf8');
    server = await startServerProcess({
      ...CHEAP_HASHES,
      PUBLIC_URL: nginx.url,
      TRUST_PROXY: 'loopback',
    });
    everything.defer(server.close);
    await startNginx(site, nginx, [server.port]);
  }, 120_000);

  afterAll(() => everything.disposeAsync());

  it('passes the whole API on', async () => {
    const finished = await runToEnd('scripts/e2e', [nginx.url], {
      NODE_EXTRA_CA_CERTS: nginx.certificate,
    });
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining(' 0 failed') });
  });

  it('streams bodies, so that a document is refused before its end', async () => {
    const token = await guestToken(server);
    const outgoing = request(`${nginx.url}/sum`, {
      method: 'POST',
      ca,
      agent: false,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    outgoing.on('error', () => undefined);
    outgoing.write('[1,}');
    const [answer] = await once(outgoing, 'response');
    answer.resume();
    outgoing.destroy();
    expect(answer.statusCode).toBe(400);
  });

  it('speaks HTTP/2, and tells Tally who the client is', async () => {
    const socket = connectTcp({ host: '127.0.0.1', port: nginx.port, localAddress: '127.0.0.2' });
    const tls = { socket, ca, servername: 'localhost', ALPNProtocols: ['h2'] };
    const session = connect(nginx.url, { createConnection: () => connectTls(tls) });
    const stream = session.request({ ':path': '/tiers', 'x-forwarded-for': '9.9.9.9' });
    const [headers] = await once(stream, 'response');
    session.destroy();
    expect(headers[':status']).toBe(401);
    await expect
      .poll(() => server.output.stdout)
      .toMatch(/"path":"\/tiers","ip":"127\.0\.0\.2","status":401/);
  });
});
