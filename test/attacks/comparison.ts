import type { Answer, Fuzzer, Things } from './fuzzer.ts';
import type { GeneratedRequest } from './generator.ts';
import type { Finding } from './target.ts';

/** Members whose values a server makes up, or that tell when. */
const OWN_MEMBERS = new Set([
  'access_token',
  'refresh_token',
  'request_id',
  'created',
  'updated',
  'expires',
  'expires_at',
  'last_used',
  'time',
  'kid',
  'x',
  'y',
]);
/** Time between requests that make something, in milliseconds: lists are ordered by the time of creation. */
const APART = 2;
const ID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

/** Sends the same requests, one after the other, to servers that differ in their database; returns differences. */
export async function compare(
  fuzzers: Record<string, Fuzzer>,
  requests: GeneratedRequest[],
): Promise<Finding[]> {
  const differences = new Map<string, Finding>();
  for (const [index, request] of requests.entries()) {
    const views: Record<string, string> = {};
    for (const [name, fuzzer] of Object.entries(fuzzers)) {
      const answer = await fuzzer.send(request);
      fuzzer.learn(request, answer);
      views[name] = viewOf(answer, fuzzer.things);
    }
    if (new Set(Object.values(views)).size > 1) {
      const lines = Object.entries(views).map(([name, view]) => `${name}: ${view.slice(0, 1500)}`);
      const shown = [`request ${index}, ${JSON.stringify(request).slice(0, 1500)}`, ...lines];
      differences.set(request.operation, shown.join('\n'));
      // What only some of them have made would make all that follows differ.
      if (new Set(Object.values(views).map((view) => view.slice(0, 3))).size > 1) break;
    }
    if (request.operation !== 'listProducts')
      await new Promise((resolve) => setTimeout(resolve, APART));
  }
  return [...differences.values()];
}

/** Status, type and content of an answer, with names in place of what each server makes up. */
function viewOf({ status, headers, body }: Answer, things: Things): string {
  const type = headers['content-type'] ?? '';
  if (!type.includes('json')) return `${status} ${type} ${body.length} bytes`;
  const names = new Map<string, string>();
  for (const [kind, ids] of Object.entries(things)) {
    for (const [index, id] of ids.entries()) names.set(id, `${kind} ${index}`);
  }
  const text = JSON.stringify(JSON.parse(body.toString()), (key, value) =>
    OWN_MEMBERS.has(key) && value !== null ? `some ${key}` : value,
  );
  const named = text
    .replace(/http:\/\/localhost:\d+/g, 'HOST')
    .replace(/\/links\/[\w.-]+/g, '/links/TOKEN')
    .replace(/expires=\d+&signature=[\w-]{48}/g, 'expires=TIME&signature=KEYED')
    .replace(ID, (id) => names.get(id) ?? names.get(id.toLowerCase())?.toUpperCase() ?? 'some id');
  return `${status} ${type} ${named}`;
}
