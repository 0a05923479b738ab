import { expect, test } from 'vitest';
import type { Exposure } from '../config/exposure.ts';
import { OwnSite } from './own-site.ts';

const exposure: Exposure = {
  origin: 'https://studio.example',
  hostname: 'studio.example',
  tls: { certificateFile: 'c', keyFile: 'k' },
  proxies: [],
};
const home = new OwnSite(null);
const exposed = new OwnSite(exposure);

test.each(['127.0.0.1:8440', 'LOCALHOST', '[::1]:1'])('%s is always a name of ours', (host) => {
  expect([home.answersTo(host), exposed.answersTo(host)]).toEqual([true, true]);
});

test.each(['studio.example', 'Studio.Example:443'])('%s is one once it is public', (host) => {
  expect([home.answersTo(host), exposed.answersTo(host)]).toEqual([false, true]);
});

test.each([
  undefined,
  '',
  'evil.example',
  'studio.example:8440',
  '127.0.0.1.evil.example',
  'localhost:999999',
  'localhost:65536',
])('%s is none', (host) => {
  expect([home.answersTo(host), exposed.answersTo(host)]).toEqual([false, false]);
});

test('our pages ask at the name that they come from; programs name no page', () => {
  expect(exposed.isOwnPage(undefined, 'studio.example')).toBe(true);
  expect(exposed.isOwnPage('https://studio.example', 'studio.example')).toBe(true);
  expect(home.isOwnPage('http://localhost:8440', 'localhost:8440')).toBe(true);
});

test.each([
  ['http://studio.example', 'studio.example'],
  ['https://evil.example', 'studio.example'],
  ['null', 'studio.example'],
  ['https://studio.example', 'localhost:8440'],
  ['http://localhost:9000', 'localhost:8440'],
])('a page of %s may ask nothing at %s', (origin, host) => {
  expect(exposed.isOwnPage(origin, host)).toBe(false);
});

test('pages are let into rooms from loopback and from the public name', () => {
  expect(home.origins(8440)).toHaveLength(6);
  expect(exposed.origins(8440)).toEqual([...home.origins(8440), 'https://studio.example']);
});
