import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionsWithin } from '../../src/file-descriptors.ts';
import { createTrust } from '../../src/http/trusted-proxies.ts';
import { openConnection } from '../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../helpers/server.ts';

/** Opens connections one after the other, and says which of them the server keeps. */
async function openMany({ url }: TestServer, count: number) {
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  for (let index = 0; index < count; index++) {
    const socket = await openConnection(url);
    sockets.push(socket.on('error', () => undefined));
    // The answer shows that the server has seen this connection, and so orders it before the next.
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  }
  const kept = sockets.filter(({ destroyed }) => !destroyed);
  return { kept, refused: count - kept.length };
}

describe('connections', () => {
  it('of one network are a share of all, and refused ones are counted in the log', async () => {
    const server = await serverForTest({ MAX_CONNECTIONS: '50', MAX_CONNECTION_SHARE: '0.2' });
    const { kept, refused } = await openMany(server, 30);
    expect({ kept: kept.length, refused }).toEqual({ kept: 10, refused: 20 });
    kept[0]!.destroy();
    await expect.poll(async () => (await openMany(server, 1)).kept.length).toBe(1);
    await expect.poll(server.logs, { timeout: 15_000 }).toContain('connections refused');
    const lines = server
      .logs()
      .split('\n')
      .filter((line) => line.includes('connections refused'));
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0]!);
    expect(line).toMatchObject({ max_connections: 50, share: 10, setting: 'MAX_CONNECTION_SHARE' });
    expect(line.refused).toBeGreaterThanOrEqual(20);
  });

  it('of reverse proxies may be all that there are', async () => {
    const server = await serverForTest({ MAX_CONNECTIONS: '20', TRUST_PROXY: 'loopback' });
    const { kept, refused } = await openMany(server, 25);
    expect({ kept: kept.length, refused }).toEqual({ kept: 20, refused: 5 });
  });

  it('leave descriptors for the database and for files', () => {
    expect(connectionsWithin(1024, 10)).toBe(712);
    expect(connectionsWithin(70, 10)).toBe(0);
    expect(connectionsWithin(Number.POSITIVE_INFINITY, 10)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('trusted proxies', () => {
  it.each([
    [['loopback'], '127.0.0.1', true],
    [['loopback'], '::ffff:127.0.0.1', true],
    [['loopback'], '::1', true],
    [['loopback'], '10.0.0.1', false],
    [['10.0.0.0/8', '2001:db8::/32'], '10.9.8.7', true],
    [['10.0.0.0/8', '2001:db8::/32'], '2001:db8:1::1', true],
    [['10.0.0.0/8', '2001:db8::/32'], '11.0.0.1', false],
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.8', false],
    [['uniquelocal', 'linklocal'], '192.168.3.4', true],
    [['loopback'], 'junk', false],
    [['loopback'], undefined, false],
    [[], '127.0.0.1', false],
  ])('%j hold %s: %s', (entries, address, trusted) => {
    expect(createTrust(entries)(address)).toBe(trusted);
  });

  it.each(['1', 'true', 'foo', '10.0.0.0/33', '10.0.0.0/0', '10.0.0/8', '::1/x', 'example.com'])(
    'are not %s',
    (entry) => {
      expect(() => createTrust([entry])).toThrow(RangeError);
    },
  );
});
