import type { ContributionKind } from '@jamnet/economy';

export const KIND_WORDS: Readonly<Record<ContributionKind, string>> = {
  music: 'Music',
  code: 'Code',
  compute: 'Compute',
  curation: 'Curation',
};

export const STREAM_WORDS: Readonly<Record<string, string>> = {
  hardware: 'Hardware',
  subscription: 'Subscriptions',
  compute: 'Compute licences',
  licence: 'Enterprise licences',
  storage: 'Storage',
  'conversion-fee': 'Conversion fees',
};

/** $1,234.56, exact. */
export function dollars(cents: bigint): string {
  const size = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '−' : ''}$${grouped(size / 100n)}.${(size % 100n).toString().padStart(2, '0')}`;
}

/** 1,234.5 JAM amounts: at least two decimals, all six where they are needed. */
export function jam(microJam: bigint): string {
  const size = microJam < 0n ? -microJam : microJam;
  const decimals = (size % 1_000_000n)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${microJam < 0n ? '−' : ''}${grouped(size / 1_000_000n)}.${decimals}`;
}

/** Plain decimal text for programs and spreadsheets. */
export function decimal(amount: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const size = amount < 0n ? -amount : amount;
  return `${amount < 0n ? '-' : ''}${size / scale}.${(size % scale).toString().padStart(places, '0')}`;
}

/** A part in percent to two decimals, rounded down; an en dash where there is no whole. */
export function percent(part: bigint, whole: bigint): string {
  return whole === 0n ? '–' : `${decimal((part * 10_000n) / whole, 2)} %`;
}

export function grouped(whole: bigint | number): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The first digits of a pseudonym or a hash. */
export function short(text: string, length = 9): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
