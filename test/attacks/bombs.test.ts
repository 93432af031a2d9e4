import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaTypeOf } from '../helpers/conformance.ts';
import { upload } from '../helpers/images.ts';
import { decompressionBombs, pixelBombs } from './bombs.ts';
import { TIMEOUT } from './duration.ts';
import { observe } from './observe.ts';
import { operations } from './spec.ts';
import { openTarget, type Target } from './target.ts';
import { createWorld, type World } from './world.ts';

/** Most processor time that one bomb may cost, in milliseconds: of a document, and of a picture with its thumbnails. */
const DOCUMENT_BUDGET = 2000;
const PICTURE_BUDGET = 15_000;

let target: Target;
let world: World;
let documents: Record<string, Buffer>;
let pictures: Record<string, Buffer>;
beforeAll(async () => {
  target = await openTarget();
  world = await createWorld(target);
  [documents, pictures] = await Promise.all([decompressionBombs(), pixelBombs()]);
});
afterAll(() => target?.close());

describe.each(['gzip', 'deflate', 'br', 'zstd'])('a bomb of %s', (encoding) => {
  const send = (method: string, path: string) =>
    fetch(target.url + path, {
      method,
      headers: {
        authorization: `Bearer ${world.tokens.admin}`,
        'content-type': 'application/json',
        'content-encoding': encoding,
      },
      body: documents[encoding] as Uint8Array<ArrayBuffer>,
    });

  it('costs /sum little', { timeout: TIMEOUT }, async () => {
    let status = 0;
    const { cpu, findings } = await observe(`a bomb of ${encoding}`, target, async () => {
      const response = await send('POST', '/sum');
      status = response.status;
      await response.body?.cancel();
    });
    expect([200, 400, 413, 429, 503]).toContain(status);
    expect(findings).toEqual([]);
    expect(cpu).toBeLessThan(DOCUMENT_BUDGET);
  });

  it('is decoded by no other route', async () => {
    const others = operations.filter(({ body }) => body?.mediaType === 'application/json');
    for (const { id, method, path } of others) {
      if (id === 'sumDocument') continue;
      const response = await send(
        method,
        path.replace(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000'),
      );
      await response.body?.cancel();
      expect([413, 415], id).toContain(response.status);
    }
  });
});

it('refuses or survives pictures that are bombs', { timeout: TIMEOUT }, async () => {
  for (const [name, image] of Object.entries(pictures)) {
    let status = 0;
    let type = '';
    const { cpu, findings } = await observe(name, target, async () => {
      const response = await upload(target, world.tokens.user, { image });
      status = response.status;
      type = mediaTypeOf(response.headers.get('content-type'));
      await response.body?.cancel();
    });
    expect([201, 400, 413, 415, 422, 503], name).toContain(status);
    expect(type, name).toMatch(/json$/);
    expect(findings, name).toEqual([]);
    expect(cpu, name).toBeLessThan(PICTURE_BUDGET);
  }
});
