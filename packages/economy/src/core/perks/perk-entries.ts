import { ACCOUNTS } from '../epoch/journal.ts';
import { type Perk, unusedMicroJam } from './perk-state.ts';

/** A balanced entry that follows from a perk's state; structurally the ledger's EntryRequest. */
export interface PerkEntry {
  readonly key: string;
  readonly kind: string;
  readonly legs: readonly { readonly account: string; readonly amount: bigint }[];
}

/** Key of the entry that brought a perk's units to the pool. */
export function grantKey(id: string): string {
  return `perk:${id}:grant`;
}

/** Key of the entry that gave a revoked perk's units back. */
export function revokeKey(id: string): string {
  return `perk:${id}:revoke`;
}

/** Sets the most that may be spent aside. */
export function holdEntry({ id, payee, heldMicroJam }: Perk): PerkEntry {
  return entry(`perk:${id}:hold`, 'perk-hold', [
    [ACCOUNTS.payeeJam(payee), -heldMicroJam],
    [ACCOUNTS.redeemingJam(payee), heldMicroJam],
  ]);
}

/**
 * What a decided perk moves: its units back to the pool and the rest to the wallet, or all of it to the wallet; a
 * revocation gives back the units of what was not used. No cash moves: a perk is no revenue and no claim.
 */
export function perkEntries(perk: Perk): PerkEntry[] {
  const { id, payee, heldMicroJam: held, costMicroJam: cost, state } = perk;
  const [wallet, aside, pool] = [ACCOUNTS.payeeJam(payee), ACCOUNTS.redeemingJam(payee), ACCOUNTS.poolJam];
  if (state === 'declined')
    return [
      entry(`perk:${id}:return`, 'perk-return', [
        [aside, -held],
        [wallet, held],
      ]),
    ];
  if (state !== 'granted' && state !== 'used' && state !== 'expired' && state !== 'revoked') return [];
  const granted = entry(grantKey(id), 'perk', [
    [aside, -held],
    [pool, cost],
    [wallet, held - cost],
  ]);
  const unused = unusedMicroJam(perk);
  if (state !== 'revoked' || unused === 0n) return [granted];
  return [
    granted,
    entry(revokeKey(id), 'perk-revoke', [
      [pool, -unused],
      [wallet, unused],
    ]),
  ];
}

function entry(key: string, kind: string, legs: readonly (readonly [string, bigint])[]): PerkEntry {
  return {
    key,
    kind,
    legs: legs.filter(([, amount]) => amount !== 0n).map(([account, amount]) => ({ account, amount })),
  };
}
