import { expect, test } from 'vitest';
import { studioHosts } from './studio-hosts.ts';

const NAME = { origin: 'https://studio.example', hostname: 'studio.example' };
const OWN_TLS = { ...NAME, tls: { certificateFile: 'c', keyFile: 'k' }, proxies: [] };
const PROXY = { ...NAME, tls: null, proxies: ['192.0.2.7'] };
const port = 8440;

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['localhost', '127.0.0.1'],
])('on %s alone everything is there, at an address', (host, address) => {
  expect(studioHosts({ host, port, exposure: null })).toEqual({
    plain: { host: address, port },
    front: null,
    near: address,
    relays: { bind: address, near: address, told: address },
  });
});

test.each([
  ['0.0.0.0', '127.0.0.1', '127.0.0.1'],
  ['192.0.2.2', '127.0.0.1', '192.0.2.2'],
  ['::', '::1', '::1'],
])('with its own TLS on %s the plain side stays on loopback', (host, home, near) => {
  expect(studioHosts({ host, port, exposure: OWN_TLS })).toEqual({
    plain: { host: home, port: 0 },
    front: { host, port },
    near: home,
    relays: { bind: host, near, told: 'studio.example' },
  });
});

test.each([
  ['127.0.0.1', null],
  ['0.0.0.0', null],
  ['192.0.2.2', { host: '192.0.2.2', port }],
])(
  'behind a proxy on %s this machine asks on loopback, and datagrams come to all addresses',
  (host, front) => {
    const hosts = studioHosts({ host, port, exposure: PROXY });
    expect(hosts).toMatchObject({ front, near: '127.0.0.1', relays: { bind: '0.0.0.0', near: '127.0.0.1' } });
    expect(hosts.plain).toEqual(front === null ? { host, port } : { host: '127.0.0.1', port: 0 });
  },
);
