import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';
import { files } from './snippets.ts';

const CREDENTIALS = /"?email"?:\s*(['"])([^'"]+)\1,\s*"?password"?:\s*(['"])([^'"]+)\3/g;
const ADMINISTRATOR = 'root@example.com';

const found = [...files, 'openapi.json'].flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(CREDENTIALS)].map(
    ([, , email = '', , password = '']) => ({ page, email, password }),
  ),
);

it('have an address of their own on each page, so that all pages can be followed on one server', () => {
  const customers = found.filter(({ email }) => email !== ADMINISTRATOR);
  const pagesOf = Map.groupBy(customers, ({ email }) => email);
  const shared = [...pagesOf]
    .map(([email, uses]) => [email, ...new Set(uses.map(({ page }) => page))])
    .filter(({ length }) => length > 2);
  expect(pagesOf.size).toBeGreaterThan(10);
  expect(shared).toEqual([]);
});

it('have one password, and administrators another', () => {
  const passwords = found.map(({ email, password }) =>
    [email === ADMINISTRATOR ? 'administrator' : 'customer', password].join(': '),
  );
  expect([...new Set(passwords)].sort()).toEqual([
    'administrator: a long sentence as a password',
    'customer: correct horse battery staple',
  ]);
});
