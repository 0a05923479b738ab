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
      traces: null,
      roles: ['relay', 'coordinator', 'api', 'epoch', 'web'],
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

test('a process that does not do everything needs what it shares with the others, and relays alone no database', () => {
  const lacking = (roles: string, more: object = {}) => {
    const answer = parseStudioConfig({ data: '/data', roles, ...more });
    return answer.ok ? [] : answer.message.split('\n').map((line) => /[A-Z]+_[A-Z_]+/.exec(line)?.[0]);
  };
  expect(lacking('api,web')).toEqual(['DATABASE_URL', 'NATS_URL', 'JAMNET_ROOT_SECRET_FILE']);
  expect(lacking('relay')).toEqual(['NATS_URL', 'JAMNET_ROOT_SECRET_FILE']);
  const shared = { natsUrl: 'nats://bus', rootSecret: 'ab'.repeat(32) };
  expect(lacking('relay', shared)).toEqual([]);
  expect(lacking('api', { ...shared, databaseUrl: 'postgres://x' })).toEqual([]);
  expect(parseStudioConfig({ data: '/data', roles: 'api,all' })).toMatchObject({ code: 'config-invalid' });
});

test.each(['-1', '65536', '80.5', 'http', ''])('the port %j is refused', (port) => {
  expect(parseStudioConfig({ data: '/data', port })).toMatchObject({ ok: false, code: 'config-invalid' });
});
