import { BlockList, isIP } from 'node:net';

/** Named ranges of addresses that reverse proxies usually have. */
const RANGES: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * Returns a function that tells if an address is trusted.
 *
 * @param entries IP addresses, CIDRs or names of ranges.
 * @throws {RangeError} for an entry that is none of these.
 */
export function createTrust(entries: readonly string[]): (address: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const entry of entries.flatMap((name) => RANGES[name] ?? name)) {
    const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const bits = isIP(address) === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (!isIP(address) || length < 1 || length > bits) {
      throw new RangeError(
        `"${entry}" is neither an IP, a CIDR, nor ${Object.keys(RANGES).join(', ')}`,
      );
    }
    trusted.addSubnet(address, length, familyOf(address));
  }
  return (address = '') => isIP(address) > 0 && trusted.check(address, familyOf(address));
}
