import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import sharp from 'sharp';
import { isProblem } from '../../../generated-client/dist/index.js';
import { collect, expectProblem } from './steps.ts';
import type { World } from './world.ts';

const SIDE = 640;

export async function testImages(world: World): Promise<void> {
  const { run, customer, administrator, local } = world;
  const { images } = customer;
  const create = { width: SIDE, height: SIDE, channels: 3, background: 'teal' } as const;
  const photo = new Uint8Array(await sharp({ create }).jpeg().toBuffer());

  const image = await run.step('uploads an image, and makes its thumbnails', async () => {
    const uploaded = await images.upload(photo);
    run.onEnd(() => remove(uploaded.id));
    strictEqual(uploaded.images.length > 0, true, 'sizes of the image');
    for (const { size } of uploaded.images) {
      const bytes = await (await images.download(uploaded.id, size)).arrayBuffer();
      const { height } = await sharp(Buffer.from(bytes)).metadata();
      const expected = size === 'original' ? SIDE : Math.min(Number.parseInt(size, 10), SIDE);
      strictEqual(height, expected, `the height of ${size}`);
    }
    return uploaded;
  });
  await run.step('lists images, and keeps them from others', async () => {
    deepStrictEqual(
      (await collect(images.list())).map(({ id }) => id),
      [image.id],
    );
    await expectProblem(images.get(crypto.randomUUID()), 404, 'image_not_found');
    await expectProblem(images.upload(new TextEncoder().encode('text')), 415, 'unsupported_image');
  });
  await run.step(
    'opens the address of a size without a token, and not one that was changed',
    async () => {
      const address = local(image.images[0]!.url);
      strictEqual(await statusOf(address), 200);
      notStrictEqual(await statusOf(`${address}x`), 200);
    },
  );
  if (administrator) {
    await run.step('opens a link to an image, until it is deleted', async () => {
      const { size } = image.images[0]!;
      const body = { expiring_time_seconds: 300, size };
      const link = await administrator.images.createLink(image.id, body);
      strictEqual(await statusOf(local(link.url)), 200);
      await administrator.images.deleteLink(image.id, link.id);
      strictEqual(await statusOf(local(link.url)), 404);
    });
  }
  await run.step('deletes an image with its addresses', async () => {
    await images.delete(image.id);
    await expectProblem(images.get(image.id), 404, 'image_not_found');
    notStrictEqual(await statusOf(local(image.images[0]!.url)), 200);
  });

  async function statusOf(address: string): Promise<number> {
    const answer = await fetch(address);
    await answer.arrayBuffer();
    return answer.status;
  }

  async function remove(id: string): Promise<void> {
    await images.delete(id).catch((error: unknown) => {
      if (!isProblem(error, 'image_not_found')) throw error;
    });
  }
}
