import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSpecification } from '../helpers/specification.ts';

interface Operation {
  parameters?: { name: string; in: string }[];
}

const { paths } = readSpecification<{ paths: Record<string, { post?: Operation }> }>();
const posts = Object.entries(paths).flatMap(([path, { post }]) => (post ? [{ path, post }] : []));
const takesKey = ({ parameters = [] }: Operation) =>
  parameters.some(({ name, in: place }) => place === 'header' && name === 'idempotency-key');

/** These change nothing, or leave the same when they are repeated, or what they give is for one use. */
const WITHOUT_KEY = [
  '/accounts/login',
  '/accounts/logout',
  '/accounts/password',
  '/accounts/password/forgotten',
  '/accounts/password/links',
  '/accounts/password/reset',
  '/accounts/refresh',
  '/auth',
  '/orders/quote',
  '/orders/{id}/cancel',
  '/sum',
];

it('every POST that changes something takes an Idempotency-Key', () => {
  const without = posts.filter(({ post }) => !takesKey(post)).map(({ path }) => path);
  expect(without.toSorted()).toEqual(WITHOUT_KEY);
});

it('every route that takes an Idempotency-Key is documented', () => {
  const file = new URL('../../docs/reference/idempotency.md', import.meta.url);
  const documentation = readFileSync(file, 'utf8');
  const rows = [...documentation.matchAll(/^\| `POST (\S+)` \|/gm)];
  const documented = rows.map(([, path]) => path);
  const expected = posts.filter(({ post }) => takesKey(post)).map(({ path }) => path);
  expect(documented.toSorted()).toEqual(expected.toSorted());
});
