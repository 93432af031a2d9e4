import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createClientOf, networkOf } from '../../src/http/client-network.ts';
import { createTrust } from '../../src/http/trusted-proxies.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::5', '2001:db8:0:0::/64'],
    ['2001:0db8:0001:2::5', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::5]:4711', '2001:db8:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each(['999.0.0.1', '203.0.113.7:', '[2001:db8::5', '', 'x'.repeat(70)])(
    'of %j, which is no address, is one for all of these',
    (text) => {
      expect(networkOf(text)).toBe('unknown');
    },
  );
});

describe('the client of a request', () => {
  it.each([
    ['198.51.100.1', undefined],
    ['198.51.100.1', '203.0.113.7'],
    ['10.0.0.1', undefined],
    ['10.0.0.1', '203.0.113.7'],
    ['10.0.0.1', '192.0.2.1, 203.0.113.7'],
    ['10.0.0.1', '192.0.2.1, 203.0.113.7, 10.0.0.2'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2'],
    ['10.0.0.1', '203.0.113.7 , junk'],
    ['10.0.0.1', '2001:db8::7'],
    ['10.0.0.1', ''],
  ])(
    'from %s that was forwarded for %j is the one of request.ip',
    async (remoteAddress, header) => {
      const trusted = ['10.0.0.0/8'];
      const app = fastify({ trustProxy: createTrust(trusted) });
      const clientOf = createClientOf(trusted);
      app.get('/', async ({ raw, ip }) => ({ client: clientOf(raw), expected: networkOf(ip) }));
      const headers = header === undefined ? {} : { 'x-forwarded-for': header };
      const { client, expected } = (await app.inject({ url: '/', remoteAddress, headers })).json();
      expect(client).toBe(expected);
    },
  );

  it('is told apart from others whose requests a proxy sends over the same connection', async () => {
    const clientOf = createClientOf(['loopback']);
    const sockets = new Set<unknown>();
    const server = createServer((incoming, response) => {
      sockets.add(incoming.socket);
      response.end(clientOf(incoming));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const clients: string[] = [];
    for (const address of ['203.0.113.7', '203.0.113.8', undefined, '203.0.113.7']) {
      const headers = address === undefined ? {} : { 'x-forwarded-for': address };
      const outgoing = request({ port, host: '127.0.0.1', agent, headers }).end();
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      clients.push(await text(incoming));
    }
    agent.destroy();
    server.close();
    expect(clients).toEqual(['203.0.113.7', '203.0.113.8', '127.0.0.1', '203.0.113.7']);
    expect(sockets.size).toBe(1);
  });
});
