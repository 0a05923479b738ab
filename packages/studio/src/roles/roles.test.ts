import { expect, test } from 'vitest';
import { roleFault } from './role-gate.ts';
import { isApart, parseRoles, ROLES } from './roles.ts';

test.each([
  ['relay', ['relay']],
  ['web, api', ['api', 'web']],
  ['web,epoch,api,coordinator,relay', ROLES],
])('%j names %j', (text, roles) => expect(parseRoles(text)).toEqual(roles));

test.each(['', 'all', 'api,', 'api relay', 'Relay'])('%j names no roles', (text) =>
  expect(parseRoles(text)).toBeNull(),
);

test('only a process that does not do everything is apart', () => {
  expect(isApart(ROLES)).toBe(false);
  expect(isApart(['api', 'web'])).toBe(true);
});

test.each([
  [ROLES, '/api/takes/abc/peaks', null],
  [ROLES, '/index.html', null],
  [['relay'], '/api/health', null],
  [['coordinator'], '/api/ready', null],
  [['coordinator'], '/api/wallets/p', 'role-elsewhere'],
  [['api'], '/api/wallets/p', null],
  [['api'], '/', 'role-elsewhere'],
  [['api'], '/public/log/checkpoint', 'role-elsewhere'],
  [['web'], '/public/log/checkpoint', null],
  [['web'], '/api/state', 'role-elsewhere'],
  [['api', 'web'], '/api/takes', 'kept-by-one-process'],
  [['api', 'web'], '/api/archive/chunks/ab', 'kept-by-one-process'],
  [['api', 'web'], '/api/rooms/attic/invitations', 'kept-by-one-process'],
  [['api', 'web'], '/api/rooms/attic/join', null],
  [['api', 'web'], '/api/room/where', null],
] as const)('%j asked for %s says %s', (roles, path, code) =>
  expect(roleFault(roles, path)?.code ?? null).toBe(code),
);
