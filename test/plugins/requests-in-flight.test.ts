import { expect, it, vi } from 'vitest';
import { collectFacts } from '../helpers/facts.ts';
import { openConnection, readAnswer } from '../helpers/raw-http.ts';
import { sendFrom } from '../helpers/requests-from.ts';
import { guestToken, serverForTest, type TestServer } from '../helpers/server.ts';

const SECOND_CLIENT = '127.0.0.2';

/** Sends a document whose last byte is missing. */
async function openSum({ url }: TestServer, token: string) {
  const socket = await openConnection(url);
  socket.write(
    `POST /sum HTTP/1.1\r\nHost: tally\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nContent-Length: 3\r\n\r\n[1`,
  );
  return socket;
}

function sum({ url }: TestServer, token: string, from?: string) {
  const headers = { authorization: `Bearer ${token}` };
  return sendFrom(`${url}/sum`, { method: 'POST', headers, body: '[1]', ...(from && { from }) });
}

it('lets a client have MAX_IN_FLIGHT_PER_CLIENT requests in flight, and others have theirs', async () => {
  const published = collectFacts();
  const server = await serverForTest({ MAX_IN_FLIGHT_PER_CLIENT: '2' });
  const token = await guestToken(server);
  const first = await openSum(server, token);
  const second = await openSum(server, token);
  await vi.waitFor(async () => expect((await sum(server, token)).status).toBe(429));
  const refused = await sum(server, token);
  expect(refused.headers['retry-after']).toBe('1');
  expect(JSON.parse(refused.body)).toMatchObject({ status: 429, code: 'too_many_in_flight' });
  expect(published).toContainEqual({ type: 'limit_reached', limit: 'in_flight' });
  expect((await sum(server, token, SECOND_CLIENT)).status).toBe(200);
  expect((await sendFrom(`${server.url}/health/ready`)).status).toBe(200);

  first.write(']');
  expect((await readAnswer(first)).status).toBe(200);
  expect((await sum(server, token)).status).toBe(200);
  const third = await openSum(server, token);
  await vi.waitFor(async () => expect((await sum(server, token)).status).toBe(429));
  // A client that disconnects has nothing in flight.
  second.destroy();
  third.destroy();
  await vi.waitFor(async () => expect((await sum(server, token)).status).toBe(200));
});

it('does not count the clients of a trusted proxy as one', async () => {
  const server = await serverForTest({ MAX_IN_FLIGHT_PER_CLIENT: '1', TRUST_PROXY: 'loopback' });
  const token = await guestToken(server);
  const socket = await openSum(server, token);
  await vi.waitFor(async () => expect((await sum(server, token)).status).toBe(429));
  const forwarded = { authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.1' };
  const options = { method: 'POST', headers: forwarded, body: '[1]' };
  expect((await sendFrom(`${server.url}/sum`, options)).status).toBe(200);
  socket.destroy();
});

it('is off with 0', async () => {
  const server = await serverForTest({ MAX_IN_FLIGHT_PER_CLIENT: '0' });
  const token = await guestToken(server);
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openSum(server, token)));
  expect((await sum(server, token)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});
