import { expect, it } from 'vitest';
import { addDemoCatalogue } from '../../src/features/shop/demo-catalogue.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES, signedInAdministrator } from '../helpers/accounts.ts';
import { fixture } from '../helpers/images.ts';
import { serverForTest } from '../helpers/server.ts';
import { readSpecification } from '../helpers/specification.ts';

interface Example {
  summary?: string;
  value: unknown;
}
interface Parameter {
  in: string;
  name: string;
  required: boolean;
  description?: string;
  example?: unknown;
  examples?: Record<string, Example>;
  schema: { default?: unknown };
}
interface Operation {
  operationId: string;
  method: string;
  path: string;
  summary: string;
  description?: string;
  parameters: Parameter[];
  requestBody?: {
    content: Record<string, { example?: unknown; examples?: Record<string, Example> }>;
  };
}

const spec = readSpecification<{ paths: Record<string, Record<string, Operation>> }>();
const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
);

type Caller = 'nobody' | 'guest' | 'customer' | 'administrator';

/** All operations in the order in which a new customer and an administrator try them, with the expected statuses. */
const STEPS: [operation: string, caller: Caller, status: number][] = [
  ['authenticate', 'nobody', 200],
  ['sumDocument', 'guest', 200],
  ['registerAccount', 'nobody', 201],
  ['login', 'nobody', 200],
  ['requestPasswordReset', 'nobody', 202],
  // The token of a link is in its mail alone.
  ['resetPassword', 'nobody', 400],
  ['getOwnAccount', 'customer', 200],
  ['updateOwnAccount', 'customer', 200],
  ['listProducts', 'nobody', 200],
  ['getProduct', 'nobody', 200],
  ['listCurrentPromotions', 'customer', 200],
  ['quoteOrder', 'customer', 200],
  ['placeOrder', 'customer', 201],
  ['listOrders', 'customer', 200],
  ['getOrder', 'customer', 200],
  ['getOwnTier', 'customer', 200],
  ['uploadImage', 'customer', 201],
  ['listImages', 'customer', 200],
  ['getImage', 'customer', 200],
  ['downloadImage', 'customer', 200],
  // The tier of a new account includes no links.
  ['createImageLink', 'customer', 403],
  ['listAccounts', 'administrator', 200],
  ['sendPasswordReset', 'administrator', 202],
  ['getAccount', 'administrator', 200],
  ['updateAccount', 'administrator', 200],
  ['createImageLink', 'customer', 201],
  ['listImageLinks', 'customer', 200],
  ['followImageLink', 'nobody', 200],
  ['deleteImageLink', 'customer', 204],
  ['deleteImage', 'customer', 204],
  ['updateOrderStatus', 'administrator', 200],
  ['cancelOrder', 'customer', 200],
  ['updateProduct', 'administrator', 200],
  ['moveStock', 'administrator', 200],
  ['listStockMovements', 'administrator', 200],
  ['createProduct', 'administrator', 201],
  ['createProduct', 'administrator', 201],
  ['deleteProduct', 'administrator', 204],
  ['createPromotion', 'administrator', 201],
  ['listPromotions', 'administrator', 200],
  ['getPromotion', 'administrator', 200],
  ['updatePromotion', 'administrator', 200],
  ['deletePromotion', 'administrator', 204],
  ['createTier', 'administrator', 201],
  ['listTiers', 'administrator', 200],
  ['getTier', 'administrator', 200],
  ['updateTier', 'administrator', 200],
  ['deleteTier', 'administrator', 204],
  ['listAuditEvents', 'administrator', 200],
  ['refreshSession', 'nobody', 200],
  ['login', 'nobody', 200],
  ['listSessions', 'customer', 200],
  ['deleteSession', 'customer', 204],
  ['logout', 'customer', 204],
  ['changePassword', 'nobody', 204],
  ['changePassword.back', 'nobody', 204],
  ['login', 'nobody', 200],
  ['deleteOwnAccount', 'customer', 204],
  ['getSigningKeys', 'nobody', 200],
  ['getAuthorizationServerMetadata', 'nobody', 200],
  ['getOpenidConfiguration', 'nobody', 200],
  ['checkLiveness', 'nobody', 200],
  ['checkReadiness', 'nobody', 200],
];

it('has examples with which every operation succeeds', async () => {
  const server = await serverForTest(CHEAP_HASHES);
  await addDemoCatalogue(server.app.database.as<ShopTables>());
  const tokens: Partial<Record<Caller, string>> = {
    administrator: (await signedInAdministrator(server)).token,
  };
  const carried: Carried = { parameters: {}, refreshToken: '' };
  for (const [step, caller, status] of STEPS) {
    const [id, example] = step.split('.');
    const operation = operations.find(({ operationId }) => operationId === id)!;
    const request = requestOf(operation, carried, example);
    if (tokens[caller]) request.headers.set('authorization', `Bearer ${tokens[caller]}`);
    const answer = await fetch(server.url + request.address, request);
    const text = await answer.text();
    expect(answer.status, `${step} by ${caller}: ${text}`).toBe(status);
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    const body: Answer = isJson ? JSON.parse(text) : {};
    if (body.access_token) tokens[body.refresh_token ? 'customer' : 'guest'] = body.access_token;
    carry(operation, body, carried);
  }
  const tried = new Set(STEPS.map(([step]) => step.split('.')[0]));
  const untried = operations.map(({ operationId }) => operationId).filter((id) => !tried.has(id));
  expect(untried).toEqual([]);
}, 60_000);

/** Values that the page takes from earlier answers, as `carry-ids.js` does: path parameters by path. */
interface Carried {
  parameters: Record<string, Record<string, string>>;
  refreshToken: string;
}

interface Answer extends Record<string, unknown> {
  access_token?: string;
  refresh_token?: string;
  results?: { id: string; current?: boolean }[];
  url?: string;
}

/** Returns the request that the page shows for an operation when it is opened. */
function requestOf(operation: Operation, carried: Carried, name?: string) {
  const body = bodyOf(operation, carried, name);
  const headers = new Headers(
    typeof body === 'string' ? { 'content-type': 'application/json' } : {},
  );
  const query = new URLSearchParams();
  let address = operation.path;
  for (const parameter of operation.parameters) {
    const value = prefilled(parameter, carried.parameters[operation.path] ?? {});
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, String(value));
    const isSent = value !== undefined && String(value) !== '';
    if (parameter.in === 'header' && isSent) headers.set(parameter.name, String(value));
    if (parameter.in === 'query' && isSent) query.set(parameter.name, String(value));
  }
  return {
    address: query.size === 0 ? address : `${address}?${query}`,
    method: operation.method.toUpperCase(),
    headers,
    ...(body !== undefined && { body }),
  };
}

const prefilled = (
  { name, example, examples = {}, schema }: Parameter,
  carried: Record<string, string>,
) => carried[name] ?? example ?? Object.values(examples)[0]?.value ?? schema.default;

function bodyOf(
  { operationId, requestBody }: Operation,
  { refreshToken }: Carried,
  name?: string,
): string | FormData | undefined {
  if (!requestBody) return undefined;
  const [mediaType, { examples = {} }] = Object.entries(requestBody.content)[0]!;
  if (mediaType === 'multipart/form-data') {
    const form = new FormData();
    form.append('image', new Blob([fixture('wide.jpg') as Uint8Array<ArrayBuffer>]), 'wide.jpg');
    return form;
  }
  if (operationId === 'refreshSession') return JSON.stringify({ refresh_token: refreshToken });
  const chosen = name ?? Object.keys(examples)[0]!;
  return JSON.stringify(examples[chosen]!.value);
}

function carry({ path, method }: Operation, answer: Answer, carried: Carried): void {
  const first = answer.results?.find(({ current }) => !current);
  const member = method === 'post' ? answer : first;
  const isNew = method === 'post';
  for (const target of operations) {
    if (!member || !target.path.startsWith(`${path}/{`)) continue;
    const [, name] = /{(\w+)}/.exec(target.path.slice(path.length))!;
    const value = (member as Answer)[name!] ?? member.id;
    carried.parameters[target.path] ??= {};
    const parameters = carried.parameters[target.path]!;
    if (value !== undefined && (isNew || !parameters[name!])) parameters[name!] = String(value);
  }
  const [, token] = /\/links\/([^/?]+)$/.exec(answer.url ?? '') ?? [];
  if (token) carried.parameters['/links/{token}'] = { token };
  carried.refreshToken = answer.refresh_token ?? carried.refreshToken;
}

it('names and explains each example of a body', () => {
  const bodies = operations.flatMap(({ operationId, requestBody }) =>
    Object.entries(requestBody?.content ?? {}).map(([type, media]) => ({
      operationId,
      type,
      media,
    })),
  );
  const unnamed = bodies
    .filter(({ type }) => type === 'application/json')
    .filter(({ media }) => !Object.values(media.examples ?? {}).every(({ summary }) => summary))
    .concat(bodies.filter(({ type, media }) => type === 'application/json' && !media.examples))
    .map(({ operationId }) => operationId);
  expect(unnamed).toEqual([]);
});

it('has no description of which Markdown would swallow a part', () => {
  const text = JSON.stringify(spec, (key, value) =>
    key === 'description' && typeof value === 'string'
      ? `¶${value.replaceAll(/`[^`]*`/g, '')}`
      : value,
  );
  expect(text.match(/"¶[^"]*<[^"]*"/g)).toBeNull();
});
