import { expect, test } from 'vitest';
import { parseStudioConfig } from './studio-config.ts';

test('a data directory alone gives the loopback defaults', () => {
  expect(parseStudioConfig({ data: '/data' })).toEqual({
    ok: true,
    value: {
      dataDirectory: '/data',
      databaseUrl: undefined,
      host: '127.0.0.1',
      exposure: null,
      port: 8440,
      relays: 1,
      relayPort: 0,
      natsUrl: undefined,
      objects: null,
      seed: 'jamnet',
    },
  });
});

test('all issues are reported at once', () => {
  const answer = parseStudioConfig({
    data: ' ',
    port: '99999',
    host: '0.0.0.0',
    seed: '',
    databaseUrl: 'mysql://x',
    relays: '17',
    natsUrl: 'http://x',
  });
  expect(answer).toMatchObject({ ok: false, code: 'config-invalid' });
  expect(answer.ok ? '' : answer.message.split('\n')).toHaveLength(7);
});

test.each(['-1', '65536', '80.5', 'http', ''])('the port %j is refused', (port) => {
  expect(parseStudioConfig({ data: '/data', port })).toMatchObject({ ok: false, code: 'config-invalid' });
});
