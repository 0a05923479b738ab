import { expect, it } from 'vitest';
import { discoverText } from './discover-text.ts';

const ATTIC = { name: 'Attic', address: '192.0.2.7', port: 8441, apiUrl: null, version: '0.1.0' };

it('who answered stands in columns under their headings', () => {
  const cellar = { ...ATTIC, name: 'Cellar studio', apiUrl: 'http://192.0.2.7:8440' };

  expect(discoverText({ services: [ATTIC, cellar], turnedAway: 0 }).split('\n')).toEqual([
    'name           relay (UDP)     API                    version',
    'Attic          192.0.2.7:8441  -                      0.1.0',
    'Cellar studio  192.0.2.7:8441  http://192.0.2.7:8440  0.1.0',
  ]);
});

it('when nobody answers, it says what to check', () => {
  const text = discoverText({ services: [], turnedAway: 0 });

  for (const word of ['--announce', 'loopback', 'same network', '5353', '--seconds'])
    expect(text).toContain(word);
});

it('answers beyond what is remembered are told', () => {
  expect(discoverText({ services: [ATTIC], turnedAway: 7 })).toContain('7 further answers');
});
