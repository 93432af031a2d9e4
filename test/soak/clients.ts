import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { World } from '../faults/clients.ts';
import { REFUSED_PAUSE, type Requests } from '../faults/requests.ts';
import type { Site } from '../faults/site.ts';
import { PASSWORD, send } from '../helpers/accounts.ts';
import { fixture, type ImageView, sizesIn, upload } from '../helpers/images.ts';

const JPEG = fixture('baseline.jpg');
const LARGE = JSON.stringify(Array.from({ length: 150_000 }, (_, at) => ({ price: at / 100 })));
const COMPRESSED = gzipSync(LARGE);
const LINES = '{"price":19.99}\n{"price":5}\n'.repeat(1000);
const PAGES = ['/docs', '/openapi.json', '/health/ready', '/.well-known/jwks.json'];

/** An answer from which a client cannot go on: it begins anew. The test counts the statuses. */
class Refused extends Error {}

type Work = Record<string, () => Promise<void>>;

/** Makes clients of everything that those of the faults do not use. */
export function createSoakClients(site: Site, world: World, { find }: Requests): Work {
  const { customer, admin } = world;
  let turn = 0;

  /** Sends a request, reads its answer, and notes a status that is not expected. */
  async function ask(request: Promise<Response>, expected = 200): Promise<Buffer> {
    const response = await request;
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status === expected) return body;
    const isOutage = response.status === 503 || body.includes('outcome_unknown');
    if (!isOutage) find(`${response.url}: ${response.status} ${body}`);
    throw new Refused();
  }
  const get = (path: string, token?: string) => ask(send(site, 'GET', path, { token }));
  const json = async <T>(body: Promise<Buffer>) => JSON.parse(String(await body)) as T;
  const sum = (token: string, body: string | Buffer, headers: Record<string, string>) =>
    ask(
      fetch(`${site.url}/sum`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: body as string,
      }),
    );
  const absolute = (url: string) => ask(fetch(url));

  const work: Work = {
    async guest() {
      const body = { username: `guest-${turn++ % 1000}`, password: 'any' };
      const path = '/auth';
      const { access_token } = await json<{ access_token: string }>(
        ask(send(site, 'POST', path, { body })),
      );
      await sum(access_token, '[0.1, 0.2]', { 'content-type': 'application/json' });
    },
    async sums() {
      const type = { 'content-type': 'application/json' };
      await sum(customer, LARGE, type);
      await sum(customer, COMPRESSED, { ...type, 'content-encoding': 'gzip' });
      await sum(customer, LINES, { 'content-type': 'application/jsonl' });
    },
    async refresh() {
      const body = { username: world.customerName, password: PASSWORD };
      const login = ask(send(site, 'POST', '/accounts/login', { body }));
      const { refresh_token } = await json<{ refresh_token: string }>(login);
      const refreshed = ask(send(site, 'POST', '/accounts/refresh', { body: { refresh_token } }));
      const { access_token: token } = await json<{ access_token: string }>(refreshed);
      await ask(send(site, 'POST', '/accounts/logout', { token }), 204);
    },
    async lists() {
      await get('/products?search=thing&in_stock=true&ordering=-price');
      let after: string | null = '';
      for (let page = 0; page < 3 && after !== null; page++) {
        const query = after === '' ? '' : `&after=${after}`;
        const found: Promise<Buffer> = get(`/audit-events?limit=20${query}`, admin);
        ({ after } = await json<{ after: string | null }>(found));
      }
      await get('/images?limit=10', customer);
    },
    async pictures() {
      const body = ask(upload(site, customer, { image: JPEG }), 201);
      const image = await json<ImageView>(body);
      for (const size of sizesIn(image)) await get(`/images/${image.id}/${size}`, customer);
      for (const { url } of image.images) await absolute(url);
      const path = `/images/${image.id}/links`;
      const wanted = { token: customer, body: { expiring_time_seconds: 300 } };
      const link = await json<{ url: string }>(ask(send(site, 'POST', path, wanted), 201));
      await absolute(link.url);
      await ask(send(site, 'DELETE', `/images/${image.id}`, { token: customer }), 204);
    },
    async pages() {
      for (const path of PAGES) await get(path);
      await ask(send(site, 'GET', '/nowhere'), 404);
      await ask(send(site, 'GET', '/accounts/me'), 401);
    },
  };
  return Object.fromEntries(
    Object.entries(work).map(([name, once]) => [name, () => once().catch(ignoreRefusal)]),
  );
}

async function ignoreRefusal(error: unknown): Promise<void> {
  if (!(error instanceof Refused)) throw error;
  await setTimeout(REFUSED_PAUSE);
}
