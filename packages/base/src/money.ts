import { assert } from './assert.ts';
import { ok, type Result, refuse } from './result.ts';

/** Assets of the books and how many decimals their smallest unit has. JAM: µJAM; USD, EUR: cents. */
export const ASSET_SCALE = { JAM: 6, USD: 2, EUR: 2 } as const;
export type Asset = keyof typeof ASSET_SCALE;

/** Decimal text of an amount in smallest units, e.g. `formatAmount(1234n, 'USD')` is `12.34`. */
export function formatAmount(amount: bigint, asset: Asset): string {
  const scale = ASSET_SCALE[asset];
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Inverse of {@link formatAmount}; fewer decimals are fine, more than the asset has are refused. */
export function parseAmount(text: string, asset: Asset): Result<bigint, 'amount-malformed'> {
  const scale = ASSET_SCALE[asset];
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text.trim());
  if (!match || (match[3] ?? '').length > scale) {
    return refuse(
      'amount-malformed',
      `"${text}" is no ${asset} amount: write e.g. 12.5 with at most ${scale} decimals.`,
    );
  }
  const magnitude = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(scale, '0'));
  return ok(match[1] === '-' ? -magnitude : magnitude);
}

/** Least integer ≥ numerator/denominator, for numerator ≥ 0 and denominator > 0. */
export function divideRoundingUp(numerator: bigint, denominator: bigint): bigint {
  assert(numerator >= 0n && denominator > 0n, 'divideRoundingUp: range');
  return (numerator + denominator - 1n) / denominator;
}
