import { assert, formatAmount, ok, type Result, refuse } from '@jamnet/base';
import { monthOf } from '../records/calendar.ts';
import type { Fill } from './redemption-clear.ts';

/** `reserving`: the hold is being written; `open`: waits for a price or for its turn; the others are final. */
export type RedemptionState = 'reserving' | 'open' | 'paid' | 'cancelled' | 'refused';

export interface Redemption {
  readonly id: string;
  readonly payee: string;
  readonly askedMicroJam: bigint;
  readonly paidMicroJam: bigint;
  readonly paidCents: bigint;
  readonly requestedAtUs: bigint;
  /** Priced at the first valuation dated after this moment. */
  readonly cutoffUs: bigint;
  readonly state: RedemptionState;
}

export type RedemptionEvent =
  | { readonly type: 'reserved' }
  | { readonly type: 'refused' }
  | { readonly type: 'cancelled' }
  /** A run's fill; what is left waits for a valuation after `nextCutoffUs`. */
  | { readonly type: 'filled'; readonly fill: Fill; readonly nextCutoffUs: bigint };

/** What a redemption becomes; an event that its state does not know is refused and changes nothing. */
export function advance(
  redemption: Redemption,
  event: RedemptionEvent,
): Result<Redemption, 'redemption-state'> {
  const { state } = redemption;
  if (event.type === 'reserved' && state === 'reserving') return ok({ ...redemption, state: 'open' });
  if (event.type === 'refused' && state === 'reserving') return ok({ ...redemption, state: 'refused' });
  if (event.type === 'cancelled' && state === 'open') return ok({ ...redemption, state: 'cancelled' });
  if (event.type === 'filled' && state === 'open')
    return ok(filled(redemption, event.fill, event.nextCutoffUs));
  return refuse(
    'redemption-state',
    `Redemption ${redemption.id} is ${state}: it cannot be ${event.type} now.`,
  );
}

function filled(redemption: Redemption, fill: Fill, nextCutoffUs: bigint): Redemption {
  const paidMicroJam = redemption.paidMicroJam + fill.microJam;
  assert(paidMicroJam <= redemption.askedMicroJam, 'a redemption is never paid more than it asked');
  const done = paidMicroJam === redemption.askedMicroJam;
  return {
    ...redemption,
    paidMicroJam,
    paidCents: redemption.paidCents + fill.cents,
    cutoffUs: nextCutoffUs,
    state: done ? 'paid' : 'open',
  };
}

/** Until when what is asked for now gathers: the end of the month, UTC; a sample waits for nothing. */
export function cutoffOf(isSample: boolean, nowUs: bigint): bigint {
  return isSample ? nowUs : monthOf(nowUs).endUs;
}

/**
 * Whether its owner may still take it back: as long as nobody can know its price. `isPriced`: a valuation dated after the cut-off is
 * known; a sample's cut-off passes at once, so that there only such a valuation counts.
 */
export function mayCancel(
  { state, cutoffUs }: Redemption,
  nowUs: bigint,
  { isSample, isPriced }: { readonly isSample: boolean; readonly isPriced: boolean },
): boolean {
  return state === 'open' && (nowUs < cutoffUs || (isSample && !isPriced));
}

export type RedemptionStatus =
  | 'waiting-for-price'
  | 'suspended'
  | 'partly-paid'
  | 'paid'
  | 'cancelled'
  | 'refused';

/** The status as its owner reads it. `priced`: a valuation for its cut-off is known and young enough. */
export function statusOf(
  redemption: Redemption,
  nowUs: bigint,
  priced: boolean,
): { status: RedemptionStatus; sentence: string } {
  const asked = `${formatAmount(redemption.askedMicroJam, 'JAM')} JAM`;
  const paid = `${formatAmount(redemption.paidMicroJam, 'JAM')} JAM for $${formatAmount(redemption.paidCents, 'USD')}`;
  switch (redemption.state) {
    case 'paid':
      return { status: 'paid', sentence: `Paid: ${paid}.` };
    case 'cancelled':
      return {
        status: 'cancelled',
        sentence: `Cancelled; ${paid} had been paid, the rest is back in your wallet.`,
      };
    case 'refused':
      return {
        status: 'refused',
        sentence: `Refused: less than ${asked} was free in the wallet; what is reserved or in escrow is not.`,
      };
    default:
      return waitingStatus(redemption, nowUs, priced, asked, paid);
  }
}

function waitingStatus(redemption: Redemption, nowUs: bigint, priced: boolean, asked: string, paid: string) {
  if (redemption.paidMicroJam > 0n) {
    const sentence = `Paid so far: ${paid} of ${asked}; the rest is carried to the next run at its price.`;
    return { status: 'partly-paid' as const, sentence };
  }
  if (nowUs >= redemption.cutoffUs && !priced) {
    const sentence = `${asked} waits: redemption is suspended until a valuation dated after the cut-off is approved.`;
    return { status: 'suspended' as const, sentence };
  }
  return {
    status: 'waiting-for-price' as const,
    sentence: `${asked} waits for the next valuation after the cut-off and its run.`,
  };
}
