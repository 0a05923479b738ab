import { expect, it } from 'vitest';
import { announcedAddress, announceOrSay } from './announce-or-say.ts';

it.each(['0.0.0.0', 'localhost', '::1'])(
  'a relay at %s is not announced, and it is said what to give',
  async (address) => {
    const said: string[] = [];

    const silence = await announceOrSay({ name: 'attic', address, port: 8441, apiUrl: null }, (event, text) =>
      said.push(`${event}: ${text}`),
    );
    await silence();

    expect(said).toEqual([expect.stringMatching(/^not-on-lan: .*--reached-at/)]);
  },
);

it.each([
  ['on this machine alone', { host: '127.0.0.1' }, '127.0.0.1'],
  ['on one address for others', { host: '192.0.2.2', publicUrl: 'https://studio.example' }, '192.0.2.2'],
  ['on all addresses', { host: '0.0.0.0', publicUrl: 'https://studio.example' }, '0.0.0.0'],
])('a studio %s is announced at what was given, not where it asks itself', (_, options, address) => {
  expect(announcedAddress(options, '127.0.0.1')).toBe(address);
});
