import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { serverForTest } from '../helpers/server.ts';
import { readSpecification } from '../helpers/specification.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; required?: boolean; schema: { default?: unknown } }[];
  responses: Record<string, object>;
}
const text = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
const { paths } = readSpecification<{ paths: Record<string, Record<string, Operation>> }>();
const operations = Object.values(paths).flatMap((path) => Object.values(path));

it('has each error response once', () => {
  const inline = operations
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([status, response]) => Number(status) >= 400 && !('$ref' in response))
    .map(([, response]) => JSON.stringify(response));
  expect(inline.length).toBe(new Set(inline).size);
  expect(inline).toEqual([]);
});

it('has a parameter of all lists once', () => {
  for (const name of ['page', 'after', 'limit']) {
    expect(text.split(`"name": "${name}"`).length - 1, name).toBe(1);
  }
});

it('has no required parameter with a default', () => {
  const violations = operations.flatMap(({ operationId, parameters = [] }) =>
    parameters
      .filter(({ required, schema }) => required && schema.default !== undefined)
      .map(({ name }) => `${operationId}: ${name}`),
  );
  expect(violations).toEqual([]);
});

it('names operations by a verb and a noun', () => {
  const verbs =
    /^(create|get|list|update|delete|authenticate|sum|register|login|logout|refresh|change|check|place|quote|cancel|move|upload|download|follow|request|reset|send)([A-Z]|$)/;
  for (const { operationId } of operations) expect(operationId).toMatch(verbs);
});

it('is small enough to download for every page', () => {
  expect(text.length).toBeLessThan(300_000);
});

it('says how to begin on a server without guests', async () => {
  const server = await serverForTest({ AUTH_MODE: 'accounts' });
  const { info } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    info: { description: string };
  };
  expect(info.description).toContain('execute **POST /accounts** as it stands');
  expect(info.description).toContain('There are no guests on this server.');
  expect(info.description).not.toContain('Guests may call');
});
