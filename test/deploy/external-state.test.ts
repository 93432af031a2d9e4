import { readFile, rm } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import {
  CHEAP_HASHES,
  expectJson,
  me,
  PASSWORD,
  register,
  send,
  signIn,
} from '../helpers/accounts.ts';
import { databases } from '../helpers/databases.ts';
import { runToEnd, startServerProcess } from '../helpers/process.ts';
import { guestToken } from '../helpers/server.ts';
import { folderUrl, hasS3, s3Url } from '../helpers/storages.ts';

const PHOTO = new URL('../fixtures/images/baseline.jpg', import.meta.url);

it.each(databases)(
  'tokens, sessions and links outlive the disk, with $name',
  {
    timeout: 120_000,
  },
  async (database) => {
    const { url: DATABASE_URL, drop } = await database.create();
    onTestFinished(drop);
    const print = async (command: string) =>
      (await runToEnd(process.execPath, ['src/commands/tally.ts', command, '--print'])).stdout;
    const server = await startServerProcess({
      ...CHEAP_HASHES,
      DATABASE_URL,
      STORAGE_URL: hasS3 ? await s3Url() : await folderUrl(),
      SIGNING_KEYS: await print('rotate-keys'),
      LINK_KEYS: await print('rotate-link-keys'),
    });
    onTestFinished(server.close);
    const guest = await guestToken(server);
    const account = await register(server);
    const tokens = await signIn(server, account, PASSWORD);
    const form = new FormData();
    form.append('image', new Blob([await readFile(PHOTO)], { type: 'image/jpeg' }), 'photo.jpg');
    const uploaded = await fetch(`${server.url}/images`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.access_token}` },
      body: form,
    });
    const { images } = (await uploaded.json()) as { images: { url: string }[] };

    await server.end('SIGTERM');
    await rm(server.dataDir, { recursive: true });
    await server.start();

    const sum = send(server, 'POST', '/sum', { body: [1, 2], token: guest });
    await expectJson(sum);
    await expectJson(me(server, tokens.access_token));
    const body = { refresh_token: tokens.refresh_token };
    await expectJson(send(server, 'POST', '/accounts/refresh', { body }));
    const image = await fetch(images[0]!.url);
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    await image.arrayBuffer();
  },
);
