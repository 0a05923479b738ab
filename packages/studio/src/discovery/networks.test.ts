import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { NETWORKS_MAX, networksFor, ownNetworks } from './networks.ts';

function network(address: string, family: 'IPv4' | 'IPv6' = 'IPv4'): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', internal: false, cidr: null };
  return family === 'IPv4' ? { address, family, ...rest } : { address, family, ...rest, scopeid: 0 };
}

describe('the networks of this machine', () => {
  it('are the first IPv4 address of each interface that has one', () => {
    const interfaces = {
      lo: [network('127.0.0.1'), network('::1', 'IPv6')],
      wlan0: [network('fe80::1', 'IPv6'), network('192.0.2.7'), network('192.0.2.8')],
      tun0: [network('fe80::2', 'IPv6')],
      gone: undefined,
    };

    expect(ownNetworks(interfaces)).toEqual(['127.0.0.1', '192.0.2.7']);
  });

  it('are so many at most', () => {
    const many = Object.fromEntries(
      Array.from({ length: NETWORKS_MAX + 3 }, (_, at) => [`eth${at}`, [network(`192.0.2.${at}`)]]),
    );

    expect(ownNetworks(many)).toHaveLength(NETWORKS_MAX);
  });

  const own = ['127.0.0.1', '192.0.2.7', '198.51.100.7'];
  it.each([
    ['a loopback address stays on loopback', '127.0.0.1', ['127.0.0.1']],
    ['an address of this machine is told on its own network', '192.0.2.7', ['192.0.2.7']],
    [
      'an address in front of a NAT is told on all but loopback',
      '203.0.113.5',
      ['192.0.2.7', '198.51.100.7'],
    ],
  ])('%s', (_, address, networks) => {
    expect(networksFor(address, own)).toEqual(networks);
  });
});
