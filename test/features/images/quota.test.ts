import { readdirSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AccountTables } from '../../../src/features/accounts/tables.ts';
import type { ImageTables } from '../../../src/features/images/tables.ts';
import { CHEAP_HASHES, expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';
import { openConnection, readAnswer } from '../../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';

const jpeg = fixture('baseline.jpg');
const KIB = 1024;
let server: TestServer;
let user: TestUser;

async function start(rights: object): Promise<void> {
  server = await serverForTest({ ...CHEAP_HASHES, LOG_LEVEL: 'error' });
  const admin = await userWith(server, { role: 'admin' });
  const body = { name: 'tested', thumbnail_heights: [16], ...rights };
  await expectJson(send(server, 'POST', '/tiers', { ...admin, body }), 201);
  user = await userWith(server, { tier: 'tested' });
}

/** A connection that has sent the header of an upload. */
async function begin(bodyHeader: string): Promise<Socket> {
  const socket = await openConnection(server.url);
  onTestFinished(() => void socket.destroy());
  const lines = [
    'POST /images HTTP/1.1',
    `Host: ${new URL(server.url).host}`,
    `Authorization: Bearer ${user.token}`,
    'Content-Type: multipart/form-data; boundary=x',
    'Connection: close',
    bodyHeader,
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  return socket;
}

/** The status of an answer, as soon as it begins. */
const statusOf = async (socket: Socket) =>
  Number(
    /^HTTP\/1\.1 (\d+)/.exec(String(await new Promise((begin) => socket.once('data', begin))))![1],
  );

const WAIT = { timeout: 10_000 };
const PART = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

function scratchBytes(): number {
  const { scratchFolder } = server.app.storage;
  return readdirSync(scratchFolder).reduce(
    (sum, name) => sum + statSync(join(scratchFolder, name)).size,
    0,
  );
}

describe('the quota', () => {
  beforeEach(() => start({ quota_bytes: 300 * KIB }));

  it('refuses an upload that it has no room for before the upload arrives', async () => {
    const socket = await begin(`Content-Length: ${500 * KIB}`);
    const answer = await readAnswer(socket);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('quota_exceeded');
  });

  it('is set aside for uploads that were announced', async () => {
    const first = await begin(`Content-Length: ${250 * KIB}`);
    first.write(`${PART}abc`);
    await expect.poll(() => readdirSync(server.app.storage.scratchFolder).length, WAIT).toBe(1);
    expect(await statusOf(await begin(`Content-Length: ${250 * KIB}`))).toBe(403);
    first.destroy();
    const again = async () => (await upload(server, user.token, { image: jpeg })).status;
    await expect.poll(again, WAIT).toBe(201);
  });

  it('bounds what is in the scratch folder, however many uploads of unknown length come', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 10 }, () => begin('Transfer-Encoding: chunked')),
    );
    const answers: number[] = [];
    for (const socket of sockets) {
      void statusOf(socket).then((status) => answers.push(status));
      socket.write(chunk(PART + 'x'.repeat(100 * KIB)));
    }
    await expect.poll(() => answers.length, WAIT).toBeGreaterThanOrEqual(7);
    expect(new Set(answers)).toEqual(new Set([403]));
    expect(scratchBytes()).toBeLessThanOrEqual(300 * KIB);
  });

  it('counts thumbnails, also those that were made later', async () => {
    const images = server.app.database.as<ImageTables>().db.selectFrom('image_usage');
    const used = async () =>
      (await images.select('bytes').where('account_id', '=', user.id).execute())[0]?.bytes;
    const image = await uploaded(server, user, jpeg);
    const made = jpeg.length + image.images[0]!.bytes!;
    expect(await used()).toBe(made);
    const admin = await userWith(server, { role: 'admin' });
    const body = { thumbnail_heights: [16, 50] };
    await expectJson(send(server, 'PATCH', '/tiers/tested', { ...admin, body }));
    const late = await download(server, user, image.id, '50px');
    expect(await used()).toBe(made + late.length);
    await send(server, 'DELETE', `/images/${image.id}`, user);
    expect(await used()).toBe(0);
  });

  it('does not refuse an upload that was stored, and is sent again with its key', async () => {
    const headers = { 'idempotency-key': 'mine' };
    const first = await upload(server, user.token, { image: jpeg, headers });
    const { id } = (await first.json()) as { id: string };
    const admin = await userWith(server, { role: 'admin' });
    await send(server, 'PATCH', '/tiers/tested', { ...admin, body: { quota_bytes: 1 } });
    const again = await upload(server, user.token, { image: jpeg, headers });
    expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([201, id]);
  });
});

describe('a form', () => {
  beforeEach(() => start({ max_bytes: 100 * KIB }));

  it.each([
    ['before its parts', '', ''],
    ['after its parts', `${PART}abc\r\n--x--\r\n`, ''],
    ['in a field', '--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n', '\r\n'],
  ])('may not have more than an image needs %s', async (_, before) => {
    const socket = await begin('Transfer-Encoding: chunked');
    const answered = readAnswer(socket);
    socket.on('error', () => undefined);
    socket.write(chunk(`${before}${'y'.repeat(300 * KIB)}`));
    const { status, body } = await answered;
    expect([status, body.includes('image_too_large')]).toEqual([413, true]);
  });
});

describeOnEachDatabase('an account with images', (database) => {
  const current = serverOn(database);
  const accounts = () =>
    current.current.app.database.as<AccountTables>().db.updateTable('accounts');

  it.each(['deleted_at', 'disabled_at'] as const)(
    'that goes away while its upload is stored has no new image (%s)',
    async (column) => {
      const owner = await userWith(current.current);
      const { storage } = current.current.app;
      const { put } = storage;
      onTestFinished(() => {
        storage.put = put;
      });
      let key = '';
      storage.put = async (...args) => {
        key = args[0];
        await put(...args);
        await accounts()
          .set({ [column]: Date.now() })
          .where('id', '=', owner.id)
          .execute();
      };
      const answer = await upload(current.current, owner.token, { image: jpeg });
      const { code } = (await answer.json()) as { code: string };
      expect([answer.status, code]).toEqual([401, 'session_ended']);
      await expect(storage.get(key)).rejects.toThrow('no object');
    },
  );

  it('has the bytes of all its files counted', async () => {
    const owner = await userWith(current.current, { tier: 'premium' });
    const { images } = await uploaded(current.current, owner, jpeg);
    await uploaded(current.current, owner, jpeg);
    const { db } = current.current.app.database.as<ImageTables>();
    const bytes = images.reduce((sum, image) => sum + image.bytes!, 0);
    const usage = db.selectFrom('image_usage').where('account_id', '=', owner.id).select('bytes');
    expect((await usage.execute()).map((row) => row.bytes)).toEqual([2 * bytes]);
  });

  it('has links that lead nowhere while it is disabled', async () => {
    const owner = await userWith(current.current, { tier: 'enterprise' });
    const fields = { expiring_time_seconds: '300' };
    const { link } = await uploaded(current.current, owner, jpeg, fields);
    const admin = await userWith(current.current, { role: 'admin' });
    for (const [disabled, status] of [
      [true, 404],
      [false, 200],
    ] as const) {
      const path = `/accounts/${owner.id}`;
      await expectJson(send(current.current, 'PATCH', path, { ...admin, body: { disabled } }));
      expect((await fetch(link!.url)).status).toBe(status);
    }
  });

  it('that is deleted while a link is made: the link is made or not found', async () => {
    const owner = await userWith(current.current, { tier: 'enterprise' });
    const statuses = new Set<number>();
    for (let round = 0; round < 10; round++) {
      const { id } = await uploaded(current.current, owner, jpeg);
      const path = `/images/${id}/links`;
      const body = { expiring_time_seconds: 300 };
      const answers = await Promise.all([
        ...Array.from({ length: 4 }, () => send(current.current, 'POST', path, { ...owner, body })),
        send(current.current, 'DELETE', `/images/${id}`, owner),
      ]);
      for (const { status } of answers) statuses.add(status);
    }
    expect([...statuses].filter((status) => ![201, 204, 404].includes(status))).toEqual([]);
  });
});
