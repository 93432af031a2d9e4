import { expect } from 'vitest';
import { mediaTypeOf } from '../helpers/conformance.ts';
import type { Call } from './access-table.ts';
import { judge, type Operation } from './spec.ts';
import type { Target } from './target.ts';

/** Makes a call, checks that the specification allows the answer, and returns its status. */
export async function statusOf(
  target: Target,
  operation: Operation,
  { path: segments, query, body, headers }: Call,
  token?: string,
): Promise<number> {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => segments?.[name] ?? name);
  const isForm = body instanceof FormData;
  const response = await fetch(`${target.url}${path}${query ? `?${query}` : ''}`, {
    method: operation.method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: isForm ? body : (JSON.stringify(body) ?? null),
  });
  const mediaType = mediaTypeOf(response.headers.get('content-type'));
  const payload = mediaType.endsWith('json') ? await response.text() : undefined;
  if (payload === undefined) await response.body?.cancel();
  const { status } = response;
  const { method, path: template } = operation;
  expect(judge({ method, path: template, status, mediaType, payload })).toBeUndefined();
  return status;
}
