import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/http/client-network.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::5', '2001:db8:0:0::/64'],
    ['2001:0db8:0001:2::5', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each(['203.0.113.7:4711', '[2001:db8::5]:4711', '999.0.0.1', '', 'x'.repeat(70)])(
    'of %j, which is no address, is one for all of these',
    (text) => {
      expect(networkOf(text)).toBe('unknown');
    },
  );
});
