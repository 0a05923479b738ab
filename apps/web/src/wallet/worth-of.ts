import type { Wallet } from '../api/endpoints.ts';

/** What this amount is worth at the last valuation, in whole cents: its share of all that the wallet's worth speaks of. */
export function worthOf(
  {
    balanceMicroJam,
    reservedMicroJam,
    escrowMicroJam,
    worthCents,
  }: Pick<Wallet, 'balanceMicroJam' | 'reservedMicroJam' | 'escrowMicroJam' | 'worthCents'>,
  amountMicroJam: bigint,
): string {
  const heldMicroJam = BigInt(balanceMicroJam) + BigInt(reservedMicroJam) + BigInt(escrowMicroJam);
  return ((BigInt(worthCents) * amountMicroJam) / heldMicroJam).toString();
}
