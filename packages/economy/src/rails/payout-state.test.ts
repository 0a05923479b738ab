import { expect, test } from 'vitest';
import { type PayoutEvent, type PayoutState, payoutAfter } from './payout-state.ts';

const STATES: readonly PayoutState[] = [
  'reserving',
  'reserved',
  'submitted',
  'unknown',
  'settled',
  'returned',
  'refused',
];
const EVENTS: readonly PayoutEvent[] = [
  'debited',
  'no-funds',
  'handed-over',
  'no-answer',
  'accepted',
  'settled',
  'returned',
  'rejected',
  'never-seen',
];

test('what left can be sent again only after the rail said that it never saw it', () => {
  for (const state of ['submitted', 'unknown', 'settled', 'returned'] as const) {
    expect(payoutAfter(state, 'handed-over')).toMatchObject({ ok: false, code: 'payout-event-unexpected' });
    for (const event of EVENTS) {
      const next = payoutAfter(state, event);
      if (next.ok && next.value === 'reserved') expect([state, event]).toEqual(['unknown', 'never-seen']);
    }
  }
});

test('every answer of a rail told twice is the same as told once', () => {
  for (const state of STATES)
    for (const event of EVENTS) {
      const once = payoutAfter(state, event);
      const rails = ['accepted', 'settled', 'returned', 'rejected', 'no-answer'].includes(event);
      if (once.ok && rails) expect(payoutAfter(once.value, event)).toEqual(once);
    }
});

test('settled and returned end the same in either order', () => {
  for (const order of [
    ['settled', 'returned'],
    ['returned', 'settled'],
  ] as const) {
    let state: PayoutState = 'unknown';
    for (const event of order) {
      const next = payoutAfter(state, event);
      if (next.ok) state = next.value;
    }
    expect(state).toBe('returned');
  }
});

test('a rejection told after the money has gone moves nothing: else the payee would be paid twice', () => {
  expect(payoutAfter('unknown', 'rejected')).toEqual({ ok: true, value: 'returned' });
  expect(payoutAfter('settled', 'rejected')).toMatchObject({ ok: false, code: 'payout-event-unexpected' });
});
