import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSettings, type SettingSources } from './read-settings.ts';
import { SETTINGS } from './settings.ts';

const FILES: Readonly<Record<string, string>> = {
  '/studio.json': '{ "$comment": "ours", "port": 9000, "host": "::1", "relays": "2" }',
  '/secret': 'postgres://jamnet:pass@db/jamnet\n',
  '/empty': ' \n',
  '/list.json': '[]',
  '/broken.json': '{',
  '/long.json': JSON.stringify({ seed: 'x'.repeat(70_000) }),
};

function read(from: Partial<SettingSources>) {
  return readSettings({
    ...{ options: {}, environment: {}, ...from },
    readText: (file) => {
      const text = FILES[file];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
  });
}

test('the command line wins over the environment, and the environment over the file', () => {
  const { values, sources, issues } = read({
    options: { port: '1' },
    environment: { JAMNET_PORT: '2', JAMNET_HOST: '127.0.0.1', JAMNET_CONFIG: '/studio.json' },
  });
  expect(issues).toEqual([]);
  expect(values).toEqual({ port: '1', host: '127.0.0.1', relays: '2' });
  expect(sources).toEqual({ port: '--port', host: 'JAMNET_HOST', relays: '/studio.json' });
});

test('a file named on the command line takes the place of the one in the environment', () => {
  const { values } = read({ configFile: '/studio.json', environment: { JAMNET_CONFIG: '/broken.json' } });
  expect(values.port).toBe('9000');
});

test('a secret is read from the file that its variable names, without the line end', () => {
  const { values, sources } = read({ environment: { DATABASE_URL_FILE: '/secret' } });
  expect(values.databaseUrl).toBe('postgres://jamnet:pass@db/jamnet');
  expect(sources.databaseUrl).toBe('DATABASE_URL_FILE');
});

test('an empty variable is none', () => {
  expect(read({ environment: { JAMNET_PORT: '', DATABASE_URL: '', JAMNET_CONFIG: '' } })).toEqual({
    ...{ values: {}, sources: {}, issues: [] },
  });
});

test.each<[string, Partial<SettingSources>, string, RegExp]>([
  [
    'a secret twice',
    { environment: { NATS_URL: 'nats://a', NATS_URL_FILE: '/secret' } },
    'natsUrl',
    /both set/,
  ],
  ['a secret that is not there', { environment: { NATS_URL_FILE: '/none' } }, 'natsUrl', /cannot be read/],
  ['an empty secret', { environment: { NATS_URL_FILE: '/empty' } }, 'natsUrl', /is empty/],
  ['a file that is not there', { configFile: '/none.json' }, '', /no JSON object/],
  ['a file that is no object', { configFile: '/list.json' }, '', /no JSON object/],
  ['a file that is cut off', { configFile: '/broken.json' }, '', /no JSON object/],
  ['a file beyond the limit', { configFile: '/long.json' }, '', /at most 65536/],
])('%s is told in one sentence', (_, from, setting, sentence) => {
  const { issues } = read(from);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({ setting, message: expect.stringMatching(sentence) });
});

test('unknown keys, secrets and values of the wrong kind in a file are all told at once', () => {
  const text = JSON.stringify({ prot: 1, databaseUrl: 'postgres://x', relays: 1.5, host: null });
  const { values, issues } = readSettings({
    ...{ options: {}, environment: {}, configFile: '/x.json', readText: () => text },
  });
  expect(values).toEqual({});
  expect(issues.map(({ setting }) => setting)).toEqual(['', 'databaseUrl', 'host', 'relays']);
  expect(issues.map(({ message }) => message).join()).not.toContain('postgres://x');
});

test('whatever a file holds, the answer is settings as text and sentences', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const { values, issues } = readSettings({
        ...{ options: {}, environment: {}, configFile: '/x.json', readText: () => text },
      });
      expect(Object.values(values).every((value) => typeof value === 'string')).toBe(true);
      expect(issues.every(({ message }) => message.startsWith('/x.json: '))).toBe(true);
    }),
  );
});

test('the page on configuration names every setting with its variable', () => {
  const page = readFileSync(new URL('../../../../docs/operations/configuration.md', import.meta.url), 'utf8');
  for (const { name, variable } of SETTINGS) expect(page).toContain(`| \`${name}\` | \`${variable}\``);
});
