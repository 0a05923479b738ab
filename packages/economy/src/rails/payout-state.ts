import { ok, type Result, refuse } from '@jamnet/base';

/**
 * `reserving`: asked, not yet debited. `reserved`: debited, waits for a batch. `submitted`: in a batch that is being or has
 * been handed to the rail. `unknown`: handed over, but no answer came; only the rail's word moves it. `settled`: paid.
 * `returned`: it came back, also after it had been settled. `refused`: never debited.
 */
export type PayoutState =
  | 'reserving'
  | 'reserved'
  | 'submitted'
  | 'unknown'
  | 'settled'
  | 'returned'
  | 'refused';

/**
 * What a rail can say of a payout. `rejected`: it was never carried out, so it cannot undo a `settled`; `returned`: the money
 * came back. `never-seen` promises that it will not be paid by
 * what was sent so far.
 */
export type RailOutcome = 'accepted' | 'settled' | 'returned' | 'rejected' | 'never-seen';

export type PayoutEvent = 'debited' | 'no-funds' | 'handed-over' | 'no-answer' | RailOutcome;

export type PayoutStateCode = 'payout-event-unexpected';

type Moves = Readonly<Partial<Record<PayoutEvent, PayoutState>>>;

/**
 * Every allowed move; what is not here changes nothing and is told. Answers may come twice, late or out of order: `settled`
 * after `returned` stays returned, since money that came back cannot have arrived.
 */
const MOVES: Readonly<Record<PayoutState, Moves>> = {
  reserving: { debited: 'reserved', 'no-funds': 'refused' },
  reserved: { 'handed-over': 'submitted', debited: 'reserved', 'never-seen': 'reserved' },
  submitted: {
    'no-answer': 'unknown',
    accepted: 'submitted',
    settled: 'settled',
    returned: 'returned',
    rejected: 'returned',
  },
  unknown: {
    'no-answer': 'unknown',
    accepted: 'submitted',
    settled: 'settled',
    returned: 'returned',
    rejected: 'returned',
    'never-seen': 'reserved',
  },
  settled: { accepted: 'settled', settled: 'settled', returned: 'returned', 'no-answer': 'settled' },
  returned: {
    accepted: 'returned',
    settled: 'returned',
    returned: 'returned',
    rejected: 'returned',
    'no-answer': 'returned',
  },
  refused: { 'no-funds': 'refused' },
};

export function payoutAfter(state: PayoutState, event: PayoutEvent): Result<PayoutState, PayoutStateCode> {
  const next = MOVES[state][event];
  return next === undefined
    ? refuse('payout-event-unexpected', `A payout that is ${state} cannot be ${event}: look at it by hand.`)
    : ok(next);
}
