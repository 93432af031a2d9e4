import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { problems } from '../../http/problem.ts';
import type { Identifier } from './accounts/names.ts';
import type { Actor } from './accounts/service.ts';
import type { Origin } from './audit-events/repository.ts';
import type { Client } from './sign-in/service.ts';

export const MAX_BODY_BYTES = 16 * 1024;

export const NO_STORE = { 'Cache-Control': { type: 'string', description: 'Always no-store.' } };

export function originOf({ ip, id }: FastifyRequest): Origin {
  return { address: addressOf(ip), requestId: id };
}

/** A proxy may pass anything on as the client's address. The zone of an IPv6 address can have any length. */
function addressOf(ip: string): string | null {
  const [address = ''] = ip.split('%', 1);
  return isIP(address) ? address : null;
}

export function clientOf(request: FastifyRequest): Client {
  return { ...originOf(request), userAgent: request.headers['user-agent'] ?? '' };
}

/** Behind `requireScope('accounts')`, which no guest has, there is an account. */
export function actorOf(request: FastifyRequest): Actor {
  return { ...originOf(request), accountId: request.account!.id };
}

/** @throws {Problem} `validation_failed` unless there is exactly one of the two. */
export function identifierOf(body: { username?: string; email?: string }): Identifier {
  const { username, email } = body;
  if (username !== undefined && email === undefined) return { username };
  if (email !== undefined && username === undefined) return { email };
  const message = username === undefined ? 'is required, or email' : 'must not stand beside email';
  throw problems.validationFailed(undefined, { errors: [{ path: '/username', message }] });
}
