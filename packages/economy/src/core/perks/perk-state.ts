import { ok, type Result, refuse } from '@jamnet/base';

/**
 * `reserving` → `waiting` (units set aside) → `granted` → `used`, `revoked` or `expired`.
 * `refused`: not enough units. `declined`: the price came out above what was set aside, or none came in time; all of it went back.
 */
export type PerkState =
  | 'reserving'
  | 'waiting'
  | 'refused'
  | 'declined'
  | 'granted'
  | 'used'
  | 'revoked'
  | 'expired';

/** One perk somebody asked for, with the terms of the policy at that time. */
export interface Perk {
  readonly id: string;
  readonly payee: string;
  readonly quantity: bigint;
  readonly usedQuantity: bigint;
  /** What may be spent at most, set aside until the price is known. */
  readonly heldMicroJam: bigint;
  /** 0 until it is granted. */
  readonly costMicroJam: bigint;
  readonly requestedAtUs: bigint;
  readonly expiresAtUs: bigint | null;
  readonly state: PerkState;
}

export type PerkEvent =
  | { readonly type: 'reserved' }
  | { readonly type: 'refused' }
  | { readonly type: 'declined' }
  | { readonly type: 'granted'; readonly costMicroJam: bigint; readonly expiresAtUs: bigint }
  | { readonly type: 'used'; readonly quantity: bigint; readonly atUs: bigint }
  | { readonly type: 'revoked' }
  | { readonly type: 'expired'; readonly atUs: bigint };

export type PerkStateCode = 'perk-state' | 'perk-used-up' | 'perk-expired';

const FROM: Readonly<Record<PerkEvent['type'], PerkState>> = {
  reserved: 'reserving',
  refused: 'reserving',
  declined: 'waiting',
  granted: 'waiting',
  used: 'granted',
  revoked: 'granted',
  expired: 'granted',
};

/** The perk after an event; every move that is not named is refused. */
export function perkAfter(perk: Perk, event: PerkEvent): Result<Perk, PerkStateCode> {
  if (perk.state !== FROM[event.type])
    return refuse('perk-state', `This perk is ${perk.state}: it cannot become ${event.type}.`);
  switch (event.type) {
    case 'reserved':
      return ok({ ...perk, state: 'waiting' });
    case 'granted':
      if (event.costMicroJam > perk.heldMicroJam)
        return refuse('perk-state', 'It costs more than was set aside.');
      return ok({
        ...perk,
        state: 'granted',
        costMicroJam: event.costMicroJam,
        expiresAtUs: event.expiresAtUs,
      });
    case 'used':
      return useOf(perk, event.quantity, event.atUs);
    case 'expired':
      if (perk.expiresAtUs === null || event.atUs < perk.expiresAtUs)
        return refuse('perk-state', 'It has not expired yet.');
      return ok({ ...perk, state: 'expired' });
    default:
      return ok({ ...perk, state: event.type });
  }
}

function useOf(perk: Perk, quantity: bigint, atUs: bigint): Result<Perk, PerkStateCode> {
  if (perk.expiresAtUs !== null && atUs >= perk.expiresAtUs)
    return refuse('perk-expired', 'This perk has expired.');
  const usedQuantity = perk.usedQuantity + quantity;
  if (quantity <= 0n || usedQuantity > perk.quantity) {
    return refuse(
      'perk-used-up',
      `${perk.quantity - perk.usedQuantity} of ${perk.quantity} are left: use 1 to as many.`,
    );
  }
  return ok({ ...perk, usedQuantity, state: usedQuantity === perk.quantity ? 'used' : 'granted' });
}

/** What a revocation gives back: the price of what was not used, rounded down. */
export function unusedMicroJam({ costMicroJam, quantity, usedQuantity }: Perk): bigint {
  return (costMicroJam * (quantity - usedQuantity)) / quantity;
}

/** The state in a sentence for its owner. */
export function perkSentence(perk: Perk): string {
  switch (perk.state) {
    case 'reserving':
    case 'waiting':
      return 'Waits for its price: the first valuation dated after the request. The units are set aside.';
    case 'refused':
      return 'There were not enough free units; nothing was taken.';
    case 'declined':
      return 'The price came out above what was set aside, or none came in time: all units went back.';
    case 'granted':
      return `${perk.quantity - perk.usedQuantity} of ${perk.quantity} can be used.`;
    case 'used':
      return 'All of it was used.';
    case 'revoked':
      return 'Withdrawn by the studio; the units of what was not used went back.';
    case 'expired':
      return 'Its time is over; what was not used has lapsed.';
  }
}
