import { isIP } from 'node:net';

/** The shared key of all clients whose address is not valid. */
const NO_ADDRESS = 'unknown';

/**
 * Returns the key by which limits count a client: an IPv4 address, or the /64 network of an IPv6 address,
 * which one customer usually has. All texts that are not an address share one key.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
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
