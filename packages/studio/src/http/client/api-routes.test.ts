import { expect, expectTypeOf, test } from 'vitest';
import {
  type AnswerOf,
  type AskedOf,
  isKeyedPath,
  type ParamsOf,
  type Route,
  requestOf,
} from './api-routes.ts';

test('a route is asked by its method and a path in which whatever is given stays one part', () => {
  expect(requestOf('GET /api/policy')).toEqual({
    ...{ method: 'GET', path: '/api/policy' },
    isKeyed: false,
  });
  expect(requestOf('POST /api/members/:member/role', { params: { member: '../x?y#z' } })).toEqual({
    method: 'POST',
    path: '/api/members/..%2Fx%3Fy%23z/role',
    isKeyed: true,
  });
  expect(requestOf('GET /api/ledger/entries', { query: { from: 3, limit: undefined } })).toEqual({
    method: 'GET',
    path: '/api/ledger/entries?from=3',
    isKeyed: false,
  });
});

test('its parameters and its answer have the types of its contract', () => {
  expectTypeOf<ParamsOf<'GET /api/reports/statements/:payee/:epoch'>>().toEqualTypeOf<
    Readonly<Record<'payee' | 'epoch', string | number>>
  >();
  expectTypeOf<AnswerOf<'GET /api/account/wallet'>['balanceMicroJam']>().toEqualTypeOf<string>();
  expectTypeOf<AnswerOf<'GET /api/members'>['members'][number]['role']>().toEqualTypeOf<
    'member' | 'curator' | 'auditor' | 'operator'
  >();
  expectTypeOf<'GET /api/nothing'>().not.toExtend<Route>();
  expectTypeOf<[]>().toExtend<AskedOf<'GET /api/policy'>>();
  // What stands in a path must be given.
  expectTypeOf<[]>().not.toExtend<AskedOf<'GET /api/wallets/:payee'>>();
});

test('a path is known for one that takes a key, whatever its parameters are', () => {
  expect(isKeyedPath('POST', '/api/payees/p0/holds')).toBe(true);
  expect(isKeyedPath('POST', '/api/payees/p0/more/holds')).toBe(false);
  expect(isKeyedPath('POST', '/api/payees/p0/export')).toBe(false);
  expect(isKeyedPath('GET', '/api/epochs')).toBe(false);
});
