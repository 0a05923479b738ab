import type { PerkStateCode } from '../../core/perks/perk-state.ts';

/** Every reason for which a perk is refused: a closed list. A refused call writes nothing. */
export type PerkCode =
  | PerkStateCode
  | 'no-policy'
  | 'payee-malformed'
  | 'perk-malformed'
  | 'perk-unknown'
  | 'perk-limit'
  | 'perk-key-reused'
  | 'perk-price-unknown'
  | 'too-many-perks'
  | 'not-enough-jam'
  | 'grant-unknown'
  | 'pool-too-small'
  | 'epoch-settling'
  | 'discount-unknown'
  | 'discount-spent';
