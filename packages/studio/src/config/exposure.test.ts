import { expect, test } from 'vitest';
import { parseExposure, proxyGate, type RawExposure } from './exposure.ts';
import type { ConfigIssue } from './read-settings.ts';

const TLS = { tlsCert: '/tls/chain.pem', tlsKey: '/tls/key.pem' };
const PUBLIC = { host: '0.0.0.0', publicUrl: 'https://studio.example' };

function parse(raw: RawExposure) {
  const issues: ConfigIssue[] = [];
  const exposure = parseExposure(raw, issues);
  return { exposure, issues: issues.map(({ message }) => message) };
}

test.each(['127.0.0.1', '::1', 'localhost'])('on %s alone a studio needs no TLS', (host) => {
  expect(parse({ host })).toEqual({ exposure: null, issues: [] });
});

test('a certificate, its key and a public name expose it', () => {
  expect(parse({ ...PUBLIC, ...TLS })).toEqual({
    exposure: {
      origin: 'https://studio.example',
      hostname: 'studio.example',
      tls: { certificateFile: '/tls/chain.pem', keyFile: '/tls/key.pem' },
      proxies: [],
    },
    issues: [],
  });
});

test('a proxy in front exposes it, on loopback too', () => {
  const { exposure, issues } = parse({
    host: '127.0.0.1',
    publicUrl: 'https://studio.example:8443/',
    behindProxy: '127.0.0.1, 10.0.0.0/8',
  });
  expect(issues).toEqual([]);
  expect(exposure).toMatchObject({
    origin: 'https://studio.example:8443',
    tls: null,
    proxies: ['127.0.0.1', '10.0.0.0/8'],
  });
});

test.each<[string, RawExposure, RegExp]>([
  ['an address of others without TLS', { host: '0.0.0.0' }, /without encryption/],
  ['a public name alone', PUBLIC, /needs --tls-cert and --tls-key, or --behind-proxy/],
  ['TLS without a name', { host: '0.0.0.0', ...TLS }, /--public-url https:\/\/NAME/],
  ['a certificate without its key', { ...PUBLIC, tlsCert: 'x' }, /belong together/],
  ['a name without TLS', { ...PUBLIC, ...TLS, publicUrl: 'http://studio.example' }, /is no https:\/\/NAME/],
  ['a path behind the name', { ...PUBLIC, ...TLS, publicUrl: 'https://a.example/b' }, /is no https:\/\/NAME/],
  ['TLS here and in a proxy', { ...PUBLIC, ...TLS, behindProxy: '10.0.0.1' }, /give one/],
  ['a proxy by name', { ...PUBLIC, behindProxy: 'proxy.example' }, /no IP address/],
  ['everybody', { ...PUBLIC, behindProxy: '0.0.0.0/0' }, /no block such as/],
  ['a block too long', { ...PUBLIC, behindProxy: '10.0.0.0/33' }, /no IP address/],
  [
    'more proxies than the limit',
    { ...PUBLIC, behindProxy: Array.from({ length: 17 }, (_, i) => `10.0.0.${i}`).join() },
    /at most 16/,
  ],
  ['a host that is a name', { ...PUBLIC, ...TLS, host: 'studio.example' }, /is no address/],
])('%s is refused in a sentence', (_, raw, sentence) => {
  const { issues } = parse(raw);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatch(sentence);
});

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['192.0.2.7', true],
  ['127.0.0.1', true],
  ['::1', true],
  ['192.0.2.8', false],
  ['::ffff:192.0.2.8', false],
  ['2001:db8::1', false],
  ['', false],
])('with the proxies 10.0.0.0/8 and 192.0.2.7 a connection from "%s" is let in: %s', (address, isIn) => {
  expect(proxyGate(['10.0.0.0/8', '192.0.2.7'])(address)).toBe(isIn);
});
