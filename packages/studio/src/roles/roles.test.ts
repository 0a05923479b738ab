import { openEconomy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { leadWhole } from './lead-whole.ts';
import { pathAsked, roleFault } from './role-gate.ts';
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

test.each(['/%61pi/state', '/api/%73tate', '/api/state?x=/y', '/%2561pi/state'])(
  'the URL %s is judged by the route it finds',
  (url) =>
    expect(roleFault(['web'], pathAsked(url))?.code ?? null).toBe(
      url.includes('%25') ? null : 'role-elsewhere',
    ),
);

test('a path that cannot be decoded is judged as it stands', () => {
  expect(pathAsked('/api/%zz')).toBe('/api/%zz');
});

describeOnEveryEngine('a process with all roles', (openFresh, engine) => {
  test('is alone on its database, and gives it back at its end', async () => {
    const { database } = await openFresh();
    await openEconomy(database, await openLedger(database));
    const first = await leadWhole(database, ROLES, 0);
    const second = leadWhole(database, ROLES, 0);
    if (engine === 'postgres') await expect(second).rejects.toMatchObject({ code: 'another-process-leads' });
    else await expect(second).resolves.toBeDefined(); // Its directory's lock sees to it.
    await (await leadWhole(database, ['api', 'web'], 0)).release();
    await first.release();
    await (await leadWhole(database, ROLES, 0)).release();
  });
});
