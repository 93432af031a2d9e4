import { ConnectionError } from './errors.js';

/** Node has the code ECONNREFUSED, Bun ConnectionRefused, Deno only a message. Browsers hide it. */
const REFUSAL_CODES: unknown[] = ['ECONNREFUSED', 'ConnectionRefused'];
const REFUSAL_MESSAGE = /connect error.*os error (61|111|10061)\b/;

/** Members of errors in which runtimes quote the address of the request. */
const QUOTING = ['message', 'stack', 'path'] as const;

/** An error of a runtime, and those that it has as its causes. */
type Cause = Error & { code?: unknown; path?: unknown; data?: unknown };

/** Makes the error of an attempt that got no complete answer. */
export function toConnectionError(url: string, cause: unknown): ConnectionError {
  const { origin, href } = new URL(url);
  const chain = chainOf(cause);
  // The address may hold the token of a link, or what was searched for.
  for (const error of chain) {
    // A parser adds the answer that it could not read, which may hold a token.
    delete error.data;
    for (const member of QUOTING) {
      const value = String(error[member]).replaceAll(href, origin);
      if (member in error) Object.defineProperty(error, member, { value });
    }
  }
  return new ConnectionError(`${origin} ${describe(chain, origin)}.`, { cause });
}

export function isRefusal(error: unknown): boolean {
  return chainOf(error).some(
    ({ code, message }) => REFUSAL_CODES.includes(code) || REFUSAL_MESSAGE.test(message),
  );
}

function chainOf(error: unknown): Cause[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : [];
}

function describe(chain: Cause[], origin: string): string {
  if (isRefusal(chain[0])) return 'refuses connections';
  if (chain.at(-1)?.message === 'bad port') return 'has a port that fetch refuses';
  const { location } = globalThis as { location?: { origin: string } };
  const text = 'sent no complete answer';
  if (!location || location.origin === origin) return text;
  // Browsers do not tell pages which of the two it is.
  return `${text}, or does not allow pages of ${location.origin} (CORS_ORIGINS)`;
}
