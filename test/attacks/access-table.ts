import { PASSWORD } from '../helpers/accounts.ts';
import { fixture } from '../helpers/images.ts';
import { orderOf } from '../helpers/shop.ts';
import type { Person, World } from './world.ts';

/** A valid request of an operation. */
export interface Call {
  path?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Statuses of callers whose tokens count. Without one that counts, the answer follows from the specification. */
export type Statuses = Record<'guest' | 'user' | 'another' | 'admin', number>;

export interface Entry {
  expected: Statuses;
  /** Makes the call anew for each caller: what it is about belongs to `user`. */
  call?(world: World, caller: Person): Promise<Call> | Call;
  /** Ends the caller's session or account, so each caller gets one of their own. */
  needsSpare?: true;
}

const everyone = (status: number): Statuses => ({
  guest: status,
  user: status,
  another: status,
  admin: status,
});
const members = (status: number): Statuses => ({ ...everyone(status), guest: 403 });
const owners = (status: number): Statuses => ({ ...members(status), another: 404 });
const administrators = (status: number): Statuses => ({ ...everyone(403), admin: status });

const ofProduct = async (world: World) => ({ id: (await world.product()).id });
const ofOrder = async (world: World) => ({ id: (await world.order()).id });
const ofImage = async (world: World) => ({ id: (await world.image()).id });
const ofPromotion = async (world: World) => ({ id: (await world.promotion()).id });
const ofTier = async (world: World) => ({ name: (await world.tier()).name });
const basket = async (world: World) => ({ body: orderOf({ [(await world.product()).id]: 1 }) });

function picture(): Pick<Call, 'body'> {
  const form = new FormData();
  form.append('image', new Blob([fixture('one-pixel.png') as Uint8Array<ArrayBuffer>]), 'a.png');
  return { body: form };
}

/**
 * Who may do what, by operation. Each operation of the specification has an entry: a new route without one
 * fails the test.
 */
export const accessTable: Record<string, Entry> = {
  checkLiveness: { expected: everyone(200) },
  checkReadiness: { expected: everyone(200) },
  authenticate: {
    expected: everyone(200),
    call: () => ({ body: { username: 'ada', password: PASSWORD } }),
  },
  getSigningKeys: { expected: everyone(200) },
  getAuthorizationServerMetadata: { expected: everyone(200) },
  getOpenidConfiguration: { expected: everyone(200) },
  sumDocument: { expected: everyone(200), call: () => ({ body: [1, 2] }) },

  login: {
    expected: everyone(200),
    call: ({ user }) => ({ body: { username: user.username, password: PASSWORD } }),
  },
  refreshSession: {
    expected: everyone(200),
    call: async (world) => ({ body: { refresh_token: (await world.person()).refresh_token } }),
  },
  changePassword: {
    expected: everyone(204),
    call: async (world) => ({
      body: {
        username: (await world.person()).username,
        current_password: PASSWORD,
        new_password: `${PASSWORD} too`,
      },
    }),
  },
  requestPasswordReset: {
    expected: everyone(202),
    call: (world) => ({ body: { email: `${world.fresh()}@example.com` } }),
  },
  // Nobody has the token of a link.
  resetPassword: {
    expected: everyone(400),
    call: () => ({ body: { token: 'A'.repeat(43), new_password: `${PASSWORD} too` } }),
  },
  sendPasswordReset: {
    expected: administrators(202),
    call: async (world) => ({ body: { email: (await world.person()).email } }),
  },
  registerAccount: {
    expected: everyone(201),
    call: (world) => ({ body: { email: `${world.fresh()}@example.com`, password: PASSWORD } }),
  },
  listAccounts: { expected: administrators(200) },
  getOwnAccount: { expected: members(200) },
  updateOwnAccount: { expected: members(200), call: () => ({ body: { first_name: 'Ada' } }) },
  deleteOwnAccount: {
    expected: members(204),
    needsSpare: true,
    call: () => ({ body: { password: PASSWORD } }),
  },
  logout: { expected: members(204), needsSpare: true },
  listSessions: { expected: members(200) },
  deleteSession: {
    // Sessions of others are nobody else's business, administrators included.
    expected: { ...owners(204), admin: 404 },
    call: async (world) => ({ path: { id: (await world.session()).id } }),
  },
  getAccount: {
    expected: administrators(200),
    call: ({ user }) => ({ path: { id: user.id } }),
  },
  updateAccount: {
    expected: administrators(200),
    call: async (world) => ({
      path: { id: (await world.person()).id },
      body: { tier: 'premium' },
    }),
  },
  listAuditEvents: { expected: administrators(200) },

  uploadImage: { expected: members(201), call: picture },
  listImages: { expected: members(200) },
  getImage: { expected: owners(200), call: async (world) => ({ path: await ofImage(world) }) },
  deleteImage: { expected: owners(204), call: async (world) => ({ path: await ofImage(world) }) },
  downloadImage: {
    expected: owners(200),
    call: async (world) => ({ path: { ...(await ofImage(world)), size: 'original' } }),
  },
  followImageLink: {
    expected: everyone(200),
    call: async (world) => ({ path: { token: (await world.link()).token } }),
  },
  createImageLink: {
    expected: owners(201),
    call: async (world) => ({
      path: await ofImage(world),
      body: { expiring_time_seconds: 300 },
    }),
  },
  listImageLinks: {
    expected: owners(200),
    call: async (world) => ({ path: await ofImage(world) }),
  },
  deleteImageLink: {
    expected: owners(204),
    call: async (world) => {
      const { id, image } = await world.link();
      return { path: { id: image, link_id: id } };
    },
  },
  listTiers: { expected: administrators(200) },
  getOwnTier: { expected: members(200) },
  createTier: {
    expected: administrators(201),
    call: (world) => ({ body: { name: world.fresh(), thumbnail_heights: [64] } }),
  },
  getTier: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofTier(world) }),
  },
  updateTier: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofTier(world), body: { original: true } }),
  },
  deleteTier: {
    expected: administrators(204),
    call: async (world) => ({ path: await ofTier(world) }),
  },

  listProducts: { expected: everyone(200) },
  createProduct: {
    expected: administrators(201),
    call: () => ({ body: { name: 'Thing', price: 1, currency: 'EUR' } }),
  },
  getProduct: {
    expected: everyone(200),
    call: async (world) => ({ path: await ofProduct(world) }),
  },
  updateProduct: {
    expected: administrators(200),
    call: async (world) => ({
      path: await ofProduct(world),
      body: { price: 2 },
      headers: { 'if-match': '*' },
    }),
  },
  deleteProduct: {
    expected: administrators(204),
    call: async (world) => ({ path: await ofProduct(world) }),
  },
  moveStock: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofProduct(world), body: { delta: 1 } }),
  },
  listStockMovements: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofProduct(world) }),
  },
  listPromotions: { expected: administrators(200) },
  listCurrentPromotions: { expected: members(200) },
  createPromotion: {
    expected: administrators(201),
    call: (world) => ({
      body: { name: 'Promotion', type: 'percentage', percentage: 1, code: world.fresh() },
    }),
  },
  getPromotion: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofPromotion(world) }),
  },
  updatePromotion: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofPromotion(world), body: { percentage: 2 } }),
  },
  deletePromotion: {
    expected: administrators(204),
    call: async (world) => ({ path: await ofPromotion(world) }),
  },
  placeOrder: { expected: members(201), call: basket },
  listOrders: { expected: members(200) },
  quoteOrder: { expected: members(200), call: basket },
  getOrder: { expected: owners(200), call: async (world) => ({ path: await ofOrder(world) }) },
  // An administrator sets the status.
  cancelOrder: {
    expected: { ...owners(200), admin: 404 },
    call: async (world) => ({ path: await ofOrder(world) }),
  },
  updateOrderStatus: {
    expected: administrators(200),
    call: async (world) => ({ path: await ofOrder(world), body: { status: 'paid' } }),
  },
};
