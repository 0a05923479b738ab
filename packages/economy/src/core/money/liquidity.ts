import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import type { Policy } from '../policy/policy.ts';
import { DAY_US } from '../records/calendar.ts';
import { type UnitPrice, worthCents } from './unit-price.ts';

/** A sale or a listing of the studio that converts units into money at its price (DESIGN §5.5). */
export interface LiquidityEvent {
  readonly id: string;
  readonly kind: 'sale' | 'listing';
  /** cents / units for one whole JAM; never rounded. */
  readonly price: UnitPrice;
  /** When the event takes effect, UTC µs. */
  readonly datedAtUs: bigint;
  readonly approvedBy: string;
  /** SHA-256 of the signed document, hex. */
  readonly documentSha256: string;
}

export type LiquidityCode =
  | 'liquidity-malformed'
  | 'liquidity-not-in-plan'
  | 'liquidity-not-yet'
  | 'liquidity-differs'
  | 'unknown-liquidity-event';

const AMOUNT_MAX = 1_000_000_000_000_00n;

/** Whether the record is well formed and the plan knows such an event. */
export function checkLiquidity(policy: Policy, event: LiquidityEvent): Result<LiquidityEvent, LiquidityCode> {
  const bad = (message: string): Refusal<LiquidityCode> =>
    refuse('liquidity-malformed', `Event ${event.id}: ${message}`);
  if (!/^[\x21-\x7e]{1,128}$/.test(event.id)) return bad('the id is 1 to 128 visible ASCII characters.');
  const { cents, units } = event.price;
  if (cents <= 0n || cents > AMOUNT_MAX || units <= 0n || units > AMOUNT_MAX)
    return bad('the price is cents above 0 for units above 0.');
  if (event.approvedBy === '' || event.approvedBy.length > 256) return bad('say who approved it.');
  if (!/^[0-9a-f]{64}$/.test(event.documentSha256))
    return bad('documentSha256 is the hash of the signed document.');
  if (event.datedAtUs < 0n) return bad('datedAtUs is UTC µs since 1970.');
  return policy.liquidity?.on.includes(event.kind)
    ? ok(event)
    : refuse('liquidity-not-in-plan', `The policy has no rule for a ${event.kind}: publish one first.`);
}

/** From when an announced event converts: its own date, and not before the plan's notice has passed. */
export function convertsFromUs(policy: Policy, event: LiquidityEvent, announcedAtUs: bigint): bigint {
  const noticed = announcedAtUs + BigInt(policy.liquidity?.noticeDays ?? 0) * DAY_US;
  return event.datedAtUs > noticed ? event.datedAtUs : noticed;
}

/** What of a holder's units converts and what it brings, both rounded down: no holder gets a cent that was not brought in. */
export function conversionOf(
  policy: Policy,
  { price }: LiquidityEvent,
  heldMicroJam: bigint,
): { microJam: bigint; cents: bigint } {
  const microJam = (heldMicroJam * BigInt(policy.liquidity?.convertsPpm ?? 0)) / 1_000_000n;
  return { microJam, cents: worthCents(microJam, price) };
}
