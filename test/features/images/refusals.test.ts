import { beforeAll, describe, expect, it } from 'vitest';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import { fixture, storedFiles, type TestUser, upload, userWith } from '../../helpers/images.ts';
import { guestToken } from '../../helpers/server.ts';

const server = serverOn(sqlite);
let user: TestUser;
beforeAll(async () => {
  user = await userWith(server.current, { tier: 'premium' });
});

const jpeg = fixture('baseline.jpg');

const kept = async () => {
  const images = expectJson<{ count: number }>(send(server.current, 'GET', '/images', user));
  return [storedFiles(server.current).length, (await images).count];
};

/** What is refused must leave nothing behind. */
async function refused(attempt: () => Promise<Response>): Promise<[number, string]> {
  const before = await kept();
  const response = await attempt();
  const { code } = (await response.json()) as { code: string };
  expect(await kept()).toEqual(before);
  return [response.status, code];
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.current.url}/images`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, ...headers },
    body: body as string,
    duplex: 'half',
  } as RequestInit);

function formOf(...names: string[]): FormData {
  const form = new FormData();
  for (const name of names) form.append(name, new Blob([new Uint8Array(jpeg)]), 'a.jpg');
  return form;
}

function textForm(): FormData {
  const form = new FormData();
  form.append('image', 'text');
  return form;
}

describe('an upload is refused, and nothing of it stays,', () => {
  it.each([
    ['a zip', Buffer.from('PK\u0003\u0004 and so on')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;')],
    ['TIFF', Buffer.from('II*\u0000\u0008\u0000\u0000\u0000')],
    ['HEIC', Buffer.from('\u0000\u0000\u0000\u0018ftypheic')],
    ['WebP', Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBPVP8 ')],
    ['PDF', Buffer.from('%PDF-1.7')],
    ['an image after something else', Buffer.concat([Buffer.from('x'), jpeg])],
    ['half a signature', jpeg.subarray(0, 2)],
    ['no bytes', Buffer.alloc(0)],
  ])('where it is %s named .png', async (_, image) => {
    const form = { image, name: 'picture.png', type: 'image/png' };
    const attempt = () => upload(server.current, user.token, form);
    expect(await refused(attempt)).toEqual([415, 'unsupported_image']);
  });

  it.each(['progressive.jpg', 'baseline.jpg', 'palette.png', 'interlaced.png', 'one-pixel.png'])(
    'where %s is cut short at any tenth',
    async (name) => {
      const whole = fixture(name);
      for (const tenths of [1, 2, 3, 4, 5, 6, 7, 8, 9, 9.99]) {
        const image = whole.subarray(0, Math.floor((whole.length * tenths) / 10));
        const answer = await refused(() => upload(server.current, user.token, { image }));
        expect({ tenths, answer }).toEqual({ tenths, answer: [422, 'image_corrupt'] });
      }
    },
  );

  it('where bytes in the midst of it are others', async () => {
    const image = Buffer.from(fixture('palette.png'));
    image.fill(0x55, 3000, 3064);
    const attempt = () => upload(server.current, user.token, { image });
    expect(await refused(attempt)).toEqual([422, 'image_corrupt']);
  });

  it.each([
    ['text', 'soon'],
    ['a fraction', '300.5'],
    ['too short', '299'],
    ['too long', '300001'],
    ['blank', ' '],
    ['negative', '-300'],
  ])('where the time of its link is %s', async (_, value) => {
    const form = { image: jpeg, fields: { expiring_time_seconds: value } };
    const attempt = () => upload(server.current, user.token, form);
    expect(await refused(attempt)).toEqual([400, 'validation_failed']);
  });

  it('where it asks for a link that the tier does not include', async () => {
    const form = { image: jpeg, fields: { expiring_time_seconds: '300' } };
    const attempt = () => upload(server.current, user.token, form);
    expect(await refused(attempt)).toEqual([403, 'links_not_included']);
  });

  it.each([
    ['has no file', () => new FormData()],
    ['has two files', () => formOf('image', 'image')],
    ['has three files', () => formOf('image', 'image', 'image')],
    ['has a file of another name', () => formOf('picture')],
    ['has a second file of another name', () => formOf('image', 'other')],
    ['has a text for an image', textForm],
  ])('where the form %s', async (_, form) => {
    expect(await refused(() => post(form()))).toEqual([400, 'validation_failed']);
  });

  it.each([
    ['no file', () => new FormData()],
    ['a file of another name', () => formOf('picture')],
    ['a text for an image', textForm],
  ])('with the name of the field that it lacks, where the form has %s', async (_, form) => {
    expect(await (await post(form())).json()).toMatchObject({
      errors: [{ path: '/image', message: 'is required: send the file in a field named image' }],
    });
  });

  const part = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc';
  it.each([
    ['a form that is cut short', part, 'multipart/form-data; boundary=x'],
    ['nonsense for a form', 'nonsense', 'multipart/form-data; boundary=x'],
    ['a form without a boundary', part, 'multipart/form-data'],
    ['a form with too many fields', fieldsOf(30), 'multipart/form-data; boundary=x'],
  ])('where the body is %s', async (_, body, type) => {
    const attempt = () => post(body, { 'content-type': type });
    expect(await refused(attempt)).toEqual([400, 'malformed_multipart']);
  });

  // A file that is still being opened when its form breaks off must go as well.
  it('where many forms are cut short at once', async () => {
    const before = await kept();
    const attempts = Array.from({ length: 1000 }, async () => {
      const response = await post(part, { 'content-type': 'multipart/form-data; boundary=x' });
      await response.arrayBuffer();
      return response.status;
    });
    expect(new Set(await Promise.all(attempts))).toEqual(new Set([400]));
    expect(await kept()).toEqual(before);
  });

  it.each([
    ['application/json', '{}'],
    ['image/jpeg', jpeg],
  ])('where the body is %s', async (type, body) => {
    const attempt = () => post(body, { 'content-type': type });
    expect(await refused(attempt)).toEqual([415, 'multipart_required']);
  });

  it('where it is encoded', async () => {
    const attempt = () => post(formOf('image'), { 'content-encoding': 'gzip' });
    expect(await refused(attempt)).toEqual([415, 'unsupported_content_encoding']);
  });

  it.each([
    ['said beforehand', true],
    ['not said', false],
  ])('where it is too large, which is %s', async (_, isSaid) => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(jpeg), new Uint8Array(10 * 1024 ** 2)]), 'a');
    const { body, headers } = new Response(form);
    const type = { 'content-type': headers.get('content-type')! };
    const attempt = () => (isSaid ? post(form) : post(body, type));
    expect(await refused(attempt)).toEqual([413, 'image_too_large']);
  });

  it('where nobody is signed in, or a guest', async () => {
    const guest = await guestToken(server.current);
    const asNobody = () => upload(server.current, undefined, { image: jpeg });
    expect(await refused(asNobody)).toEqual([401, 'missing_token']);
    const asGuest = () => upload(server.current, guest, { image: jpeg });
    expect(await refused(asGuest)).toEqual([403, 'insufficient_scope']);
    expect(await (await asGuest()).json()).toMatchObject({
      detail: 'The token lacks the scope "accounts". Sign in to an account: POST /accounts/login.',
    });
  });
});

function fieldsOf(count: number): string {
  const fields = Array.from(
    { length: count },
    (_, index) => `--x\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\n1\r\n`,
  );
  return `${fields.join('')}--x--\r\n`;
}
