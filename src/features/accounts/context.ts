import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { accountOf } from '../../http/secured.ts';
import type { Actor } from './accounts/service.ts';
import type { Origin } from './audit-events/repository.ts';
import type { Client } from './sign-in/service.ts';

export function originOf({ ip, id }: FastifyRequest): Origin {
  return { address: addressOf(ip), requestId: id };
}

/** Returns null for text that is no address: proxies may pass anything on, and IPv6 zones have any length. */
function addressOf(ip: string): string | null {
  const [address = ''] = ip.split('%', 1);
  return isIP(address) ? address : null;
}

export function clientOf(request: FastifyRequest): Client {
  return { ...originOf(request), userAgent: request.headers['user-agent'] ?? '' };
}

export function actorOf(request: FastifyRequest): Actor {
  return { ...originOf(request), accountId: accountOf(request).id };
}
