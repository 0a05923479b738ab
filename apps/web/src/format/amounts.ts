import { ASSET_SCALE, type Asset } from '@jamnet/base';
import type { Formats } from '../language/formats.ts';

/** The asset an account is kept in, which is the last word of its code (`pool:JAM`), or `null`. */
export function assetOf(account: string): Asset | null {
  const last = account.slice(account.lastIndexOf(':') + 1);
  // Own keys only: an account called `x:toString` has no asset.
  return Object.hasOwn(ASSET_SCALE, last) ? (last as Asset) : null;
}

/** What an account holds, as the reader writes it; smallest units as they stand when the account names no asset. */
export function amountText(format: Formats, account: string, amount: string): string {
  const asset = assetOf(account);
  if (asset === null) return format.number(BigInt(amount));
  return asset === 'JAM' ? format.jam(amount) : format.money(amount, asset);
}

/** What a leg moved, with its sign also where something was added. */
export function legText(format: Formats, account: string, amount: string): string {
  const magnitude = amount.replace('-', '');
  return `${amount.startsWith('-') ? '−' : '+'}${amountText(format, account, magnitude)}`;
}
