import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { freshEmail, PASSWORD, register, send, signIn } from '../helpers/accounts.ts';
import { upload } from '../helpers/images.ts';
import { blankPng } from '../helpers/png.ts';
import { orderOf, type Product } from '../helpers/shop.ts';
import { createJournal, type Journal, type Outcome } from './journal.ts';
import { REFUSED_PAUSE, type Requests } from './requests.ts';
import type { Site } from './site.ts';

/** A pause between requests that are costly, in milliseconds. */
const COSTLY_PAUSE = 50;
const STOCK = 1_000_000_000;
/** Products that orders are for, with as many quantities each: so many orders can be told apart. */
const ORDERED_PRODUCTS = 20;
const QUANTITIES = 10_000;
/** Widths of uploaded images; where they are used up, the height grows. */
const WIDTHS = 10_000;
const DIGEST = createHash('sha256').update('0.3').digest('hex');

/** The people and products that clients work with. */
export type World = Awaited<ReturnType<typeof makeWorld>>;

export async function makeWorld(site: Site) {
  const [admin, customer] = await Promise.all([register(site), register(site)]);
  const set = (id: string, members: { role?: string; tier?: string }) =>
    site.db.updateTable('accounts').set(members).where('id', '=', id).execute();
  await set(admin.id, { role: 'admin' });
  await set(customer.id, { tier: 'enterprise' });
  const adminToken = (await signIn(site, admin)).access_token;
  return {
    admin: adminToken,
    customer: (await signIn(site, customer)).access_token,
    customerName: customer.username,
    ordered: await Promise.all(
      Array.from({ length: ORDERED_PRODUCTS }, () => makeProduct(site, adminToken)),
    ),
    moved: await makeProduct(site, adminToken),
  };
}

async function makeProduct(site: Site, token: string): Promise<Product> {
  const body = { name: 'Thing', price: 1, currency: 'EUR', quantity_in_stock: STOCK };
  const response = await send(site, 'POST', '/products', { token, body });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()) as Product;
}

/** Makes what clients do again and again: each function sends one request, or a few that belong together. */
export function createClients(
  site: Site,
  world: World,
  requests: Requests,
  stopped: () => boolean,
) {
  const { outcomeOf, answerOf, find } = requests;
  const { admin, customer, customerName, ordered, moved } = world;
  const journals = {
    orders: createJournal('order'),
    repeatedOrders: createJournal('repeated order'),
    movements: createJournal('stock movement'),
    registrations: createJournal('registration'),
    uploads: createJournal('upload'),
  };
  /** Tokens of sessions whose end was acknowledged. */
  const endedSessions: string[] = [];
  let slowestLiveness = 0;
  let orders = 0;
  let movements = 0;
  let images = 0;

  /** A product and a quantity that no other order has. */
  function nextOrder() {
    const number = orders++;
    const { id } = ordered[Math.floor(number / QUANTITIES)]!;
    const quantity = 1 + (number % QUANTITIES);
    return { marker: `${id} × ${quantity}`, body: orderOf({ [id]: quantity }) };
  }

  async function write(journal: Journal, marker: number | string, outcome: Promise<Outcome>) {
    journal.record(String(marker), await outcome);
  }

  /** Repeats a request until it is acknowledged; its key keeps it from being applied twice. */
  async function persist(what: string, request: () => Promise<Response>): Promise<Outcome> {
    let outcome: Outcome = 'refused';
    let lost = false;
    while (outcome !== 'acknowledged' && !stopped()) {
      outcome = await outcomeOf(what, request, [409]);
      lost ||= outcome === 'unknown';
    }
    // An earlier attempt whose answer was lost may have been applied.
    return outcome === 'refused' && lost ? 'unknown' : outcome;
  }

  const work: Record<string, () => Promise<void>> = {
    async order() {
      const { marker, body } = nextOrder();
      const request = () => send(site, 'POST', '/orders', { token: customer, body });
      await write(journals.orders, marker, outcomeOf('an order', request));
    },

    async repeatedOrder() {
      const { marker, body } = nextOrder();
      const headers = { 'idempotency-key': randomUUID() };
      const request = () => send(site, 'POST', '/orders', { token: customer, body, headers });
      await write(journals.repeatedOrders, marker, persist('a repeated order', request));
    },

    async movement() {
      const delta = ++movements;
      const path = `/products/${moved.id}/stock`;
      const request = () => send(site, 'POST', path, { token: admin, body: { delta } });
      await write(journals.movements, delta, outcomeOf('a stock movement', request));
    },

    async registration() {
      const email = freshEmail();
      const body = { email, password: PASSWORD };
      const request = () => send(site, 'POST', '/accounts', { body });
      await write(journals.registrations, email, outcomeOf('a registration', request));
      await pause(COSTLY_PAUSE);
    },

    async session() {
      const body = { username: customerName, password: PASSWORD };
      const login = () => send(site, 'POST', '/accounts/login', { body });
      const signedIn = await answerOf('a sign-in', login);
      if (signedIn.status !== 200) return pause(REFUSED_PAUSE);
      const token = String(signedIn.body?.access_token);
      const logout = () => send(site, 'POST', '/accounts/logout', { token });
      const outcome = await outcomeOf('a sign-out', logout, [401]);
      if (outcome === 'acknowledged') endedSessions.push(token);
      await pause(COSTLY_PAUSE);
    },

    async image() {
      const number = images++;
      const size = { width: 300 + (number % WIDTHS), height: 2 + Math.floor(number / WIDTHS) };
      const form = { image: await blankPng(size), name: 'a.png', type: 'image/png' };
      const request = () => upload(site, customer, form);
      await write(
        journals.uploads,
        `${size.width} × ${size.height}`,
        outcomeOf('an upload', request),
      );
      await pause(COSTLY_PAUSE);
    },

    async sum() {
      const request = () => send(site, 'POST', '/sum', { token: customer, body: [0.1, 0.2] });
      const { status, body } = await answerOf('a sum', request);
      if (status === 200 && body?.sha256 !== DIGEST) find(`a sum was ${body?.sha256}`);
      await pause(COSTLY_PAUSE);
    },

    async liveness() {
      const started = performance.now();
      await answerOf('a sign of life', () => send(site, 'GET', '/health/live'));
      slowestLiveness = Math.max(slowestLiveness, performance.now() - started);
      await pause(REFUSED_PAUSE);
    },
  };

  return { work, journals, endedSessions, slowestLiveness: () => slowestLiveness };
}
