import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { createTrust } from './trusted-proxies.ts';

/** The shared key of all clients whose address is not valid. */
const NO_ADDRESS = 'unknown';

/**
 * Returns the key by which limits count a client: an IPv4 address, or the /64 network of an IPv6 address,
 * which one customer usually has. All texts that are not an address share one key.
 */
export function networkOf(address: string): string {
  // Some proxies forward the port too: 192.0.2.1:80, [2001:db8::1]:80.
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(address) ?? [];
  const [plain = ''] = (bracketed ?? address.replace(/^([\d.]+):\d+$/, '$1')).split('%', 1);
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (v4 !== undefined) return isIP(v4) ? v4 : NO_ADDRESS;
  if (!isIP(plain)) return NO_ADDRESS;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = Array(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  const network = [...groups, ...zeros, ...rest].slice(0, 4);
  // "0db8" and "db8" are one group (RFC 5952 section 4.1).
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Returns the network of the client that sent a request; behind trusted proxies, of the forwarded address. */
export type ClientOf = (request: IncomingMessage) => string;

/** The other end of a connection. */
interface Peer {
  network: string;
  /** Set for proxies, whose requests are those of the clients that they name. */
  isTrusted: boolean;
  /** The latest field `X-Forwarded-For`, and the network of the client that it names. */
  forwarded: string;
  client: string;
}

/**
 * Creates a {@link ClientOf} that agrees with `request.ip`. It works out the network of a connection only once, and that
 * of a forwarded address only where it differs from the one before.
 */
export function createClientOf(trustProxy: readonly string[]): ClientOf {
  const trusts = createTrust(trustProxy);
  const peers = new WeakMap<Socket, Peer>();

  function addPeer(socket: Socket): Peer {
    const { remoteAddress = '' } = socket;
    const network = networkOf(remoteAddress);
    const peer = { network, isTrusted: trusts(remoteAddress), forwarded: '', client: network };
    peers.set(socket, peer);
    return peer;
  }

  function clientIn(forwarded: string, { network }: Peer): string {
    const addresses = forwarded.split(',').map((address) => address.trim());
    const given = addresses.filter(Boolean);
    const nearest = given.findLast((address) => !trusts(address)) ?? given[0];
    return nearest === undefined ? network : networkOf(nearest);
  }

  return ({ socket, headers }) => {
    const peer = peers.get(socket) ?? addPeer(socket);
    if (!peer.isTrusted) return peer.network;
    const forwarded = String(headers['x-forwarded-for'] ?? '');
    if (forwarded !== peer.forwarded) {
      peer.forwarded = forwarded;
      peer.client = clientIn(forwarded, peer);
    }
    return peer.client;
  };
}
