import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  PHOTOGRAPH,
  storedFiles,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';

const server = serverOn(sqlite);
let user: TestUser;
beforeAll(async () => {
  user = await userWith(server.current, { tier: 'premium' });
});

describe('an upload', () => {
  it('answers with the sizes of the tier and their addresses', async () => {
    const image = fixture('baseline.jpg');
    const response = await upload(server.current, user.token, { image });
    expect(response.status).toBe(201);
    const body = await response.json();
    const { id } = body as { id: string };
    const at = `${server.current.url}/images/${id}`;
    expect(response.headers.get('location')).toBe(at);
    const signed = (size: string) =>
      expect.stringMatching(`^${at}/${size}\\?expires=\\d+&signature=`);
    const common = { width: 300, height: 200, format: 'jpeg' };
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{14}7[\da-f]{3}-[\da-f-]{17}$/),
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      images: [
        { ...common, size: '200px', url: signed('200px'), bytes: expect.any(Number) },
        { ...common, size: '400px', url: signed('400px'), bytes: expect.any(Number) },
        { ...common, size: 'original', url: signed('original'), bytes: image.length },
      ],
    });
  });

  it('keeps the original byte for byte', async () => {
    const image = readFileSync(PHOTOGRAPH);
    const { id } = await uploaded(server.current, user, image);
    expect((await download(server.current, user, id, 'original')).equals(image)).toBe(true);
  });

  it('makes thumbnails upright, without metadata, in sRGB, proportional', async () => {
    const { id, images } = await uploaded(server.current, user, readFileSync(PHOTOGRAPH));
    for (const height of [200, 400]) {
      const bytes = await download(server.current, user, id, `${height}px`);
      const found = await sharp(bytes).metadata();
      expect(found).toMatchObject({ format: 'jpeg', width: height, height, space: 'srgb' });
      for (const kind of ['exif', 'xmp', 'iptc', 'icc', 'orientation'] as const) {
        expect(found[kind]).toBeUndefined();
      }
      expect(images.find(({ size }) => size === `${height}px`)?.bytes).toBe(bytes.length);
    }
  });

  it.each([
    ['JPEG', () => readFileSync(PHOTOGRAPH)],
    ['PNG', () => sharp(PHOTOGRAPH).autoOrient().resize(1200).png().toBuffer()],
  ])('makes thumbnails of a %s as good as straight from all of its pixels', async (_, make) => {
    const image = await make();
    const { id } = await uploaded(server.current, user, image);
    for (const height of [200, 400]) {
      const whole = sharp(image).autoOrient().resize({ height, fastShrinkOnLoad: false });
      const thumbnail = sharp(await download(server.current, user, id, `${height}px`));
      const [wanted, found] = [await whole.raw().toBuffer(), await thumbnail.raw().toBuffer()];
      expect(found.length).toBe(wanted.length);
      expect(signalToNoise(wanted, found)).toBeGreaterThan(40);
    }
  });

  it.each([
    ['baseline.jpg', 'jpeg', 300, 200],
    ['progressive.jpg', 'jpeg', 300, 200],
    ['arithmetic.jpg', 'jpeg', 300, 200],
    ['grey-restart.jpg', 'jpeg', 300, 200],
    ['cmyk.jpg', 'jpeg', 300, 200],
    ['wide.jpg', 'jpeg', 16_384, 1],
    ['16-bit.png', 'png', 60, 40],
    ['interlaced.png', 'png', 75, 50],
    ['palette.png', 'png', 150, 100],
    ['alpha.png', 'png', 120, 80],
    ['animated.png', 'png', 40, 60],
    ['one-pixel.png', 'png', 1, 1],
  ])('accepts %s and enlarges nothing', async (name, format, width, height) => {
    const { id, images } = await uploaded(server.current, user, fixture(name));
    expect(images.map((image) => [image.format, image.width, image.height])).toEqual(
      Array.from({ length: 3 }, () => [format, width, height]),
    );
    const thumbnail = await download(server.current, user, id, '200px');
    const found = await sharp(thumbnail).metadata();
    expect(found).toMatchObject({ format, width, height, space: 'srgb', depth: 'uchar' });
    // It looks as the original does, give or take what compression costs.
    const looks = async (bytes: Buffer) =>
      sharp(bytes).toColourspace('srgb').flatten().resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    const [before, after] = [await looks(fixture(name)), await looks(thumbnail)];
    const off = before.reduce((sum, value, at) => sum + Math.abs(value - after[at]!), 0);
    expect(off / before.length).toBeLessThan(6);
  });

  it('accepts 1 × 16,384 pixels, and a thumbnail is at least one wide', async () => {
    const { images } = await uploaded(server.current, user, fixture('tall.png'));
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [1, 200],
      [1, 400],
      [1, 16_384],
    ]);
  });

  it('keeps transparency', async () => {
    const { id } = await uploaded(server.current, user, fixture('alpha.png'));
    const bytes = await download(server.current, user, id, '200px');
    const { channels } = await sharp(bytes).stats();
    expect(channels[3]?.min).toBeLessThan(20);
    expect(channels[3]?.max).toBeGreaterThan(235);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns EXIF orientation %d upright', async (orientation) => {
    const image = fixture(`orientation-${orientation}.jpg`);
    const { id, images } = await uploaded(server.current, user, image);
    const upright = orientation < 5 ? { width: 60, height: 40 } : { width: 40, height: 60 };
    for (const size of images) expect(size).toMatchObject(upright);
    const bytes = await download(server.current, user, id, '200px');
    expect(await cornersOf(bytes)).toBe(CORNERS[orientation]);
    expect(image.includes('Secret Artist')).toBe(true);
    expect(bytes.includes('Secret Artist')).toBe(false);
  });

  it('keeps nothing of the client’s name for the file, whatever it is', async () => {
    const names = ['../../../etc/passwd', 'a/b\\c', '%2e%2e%2fx', 'x'.repeat(3000), '.', 'CON'];
    for (const name of names) {
      const image = fixture('one-pixel.png');
      await expectJson(upload(server.current, user.token, { image, name }), 201);
    }
    const made = /^objects\/images\/[\da-f]{2}\/[\da-f-]{36}$/;
    expect(storedFiles(server.current).filter((name) => !made.test(name))).toEqual([]);
  });

  it('goes by the bytes, not by name or type', async () => {
    const form = { image: fixture('palette.png'), name: 'a.jpg', type: 'text/html' };
    const { images } = await expectJson<{ images: { format: string }[] }>(
      upload(server.current, user.token, form),
      201,
    );
    expect(images[0]?.format).toBe('png');
  });

  it('takes a polyglot for the image that it is, and serves it as nothing else', async () => {
    const zip = Buffer.from('PK\u0003\u0004<script>alert(1)</script>');
    const image = Buffer.concat([fixture('baseline.jpg'), zip]);
    const { id } = await uploaded(server.current, user, image);
    const response = await send(server.current, 'GET', `/images/${id}/original`, user);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    const thumbnail = await download(server.current, user, id, '200px');
    expect(thumbnail.includes('<script>')).toBe(false);
  });

  it('takes a time that was left empty for none', async () => {
    const fields = { expiring_time_seconds: '' };
    expect(
      await uploaded(server.current, user, fixture('one-pixel.png'), fields),
    ).not.toHaveProperty('link');
  });

  it('makes a link where the tier includes links', async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const fields = { expiring_time_seconds: '300' };
    const { link } = await uploaded(server.current, owner, fixture('baseline.jpg'), fields);
    const left = Date.parse(link!.expires) - Date.now();
    expect(left).toBeGreaterThan(290_000);
    expect(left).toBeLessThanOrEqual(300_000);
    const seen = await fetch(link!.url);
    expect(Buffer.from(await seen.arrayBuffer()).equals(fixture('baseline.jpg'))).toBe(true);
  });
});

const CORNERS: Record<number, string> = {
  1: 'red white white blue',
  2: 'white red blue white',
  3: 'blue white white red',
  4: 'white blue red white',
  5: 'red white white blue',
  6: 'white red blue white',
  7: 'blue white white red',
  8: 'white blue red white',
};

/** The colours of the corners: top left, top right, bottom left, bottom right. */
async function cornersOf(image: Buffer): Promise<string> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const corners = [
    [3, 3],
    [width - 4, 3],
    [3, height - 4],
    [width - 4, height - 4],
  ];
  const colours = corners.map(([x, y]) => {
    const at = (y! * width + x!) * info.channels;
    const [red, , blue] = data.subarray(at, at + 3);
    if (red! > 200) return blue! > 200 ? 'white' : 'red';
    return 'blue';
  });
  return colours.join(' ');
}

/** Returns the peak signal-to-noise ratio of pixels, in decibels. */
function signalToNoise(wanted: Buffer, found: Buffer): number {
  const squares = wanted.reduce((sum, value, at) => sum + (value - found[at]!) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * wanted.length) / squares);
}
