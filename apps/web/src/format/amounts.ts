import { ASSET_SCALE, type Asset, formatAmount } from '@jamnet/base';
import { groupThousands } from './numbers.ts';

/** JAM without the zeros nobody needs, at least two decimals: `12.50`, `0.000001`. */
export function jamText(microJam: string): string {
  const [whole = '', decimals = ''] = formatAmount(BigInt(microJam), 'JAM').split('.');
  const kept = decimals.replace(/0+$/, '').padEnd(2, '0');
  return `${groupThousands(whole)}.${kept}`;
}

/** The asset an account is kept in, which is the last word of its code (`pool:JAM`), or `null`. */
export function assetOf(account: string): Asset | null {
  const last = account.slice(account.lastIndexOf(':') + 1);
  // Own keys only: an account called `x:toString` has no asset.
  return Object.hasOwn(ASSET_SCALE, last) ? (last as Asset) : null;
}

/** A leg's amount with its sign and asset; smallest units as they stand when the account names no asset. */
export function legText(account: string, amount: string): string {
  const sign = amount.startsWith('-') ? '−' : '+';
  const magnitude = amount.replace('-', '');
  const asset = assetOf(account);
  if (asset === null) return sign + groupThousands(magnitude);
  const shown = asset === 'JAM' ? jamText(magnitude) : groupThousands(formatAmount(BigInt(magnitude), asset));
  return `${sign}${shown} ${asset}`;
}
