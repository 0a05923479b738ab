import { ok, type Result, refuse } from '@jamnet/base';
import type { PerformerCredit } from './performer-credit.ts';
import { PERFORMERS_MAX, type Standing } from './settle-types.ts';

/** A standing as it is stored: one JSON object, amounts as decimal text, performers in the order of their names. */
export function standingText(standing: Standing): string {
  const { ownerGroup, tally, creditMicroWork, paidMicroWork } = standing;
  const performers = [...standing.performers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, credit]) => [name, `${credit.workUnits}`, `${credit.creditMicroWork}`]);
  return JSON.stringify({
    ownerGroup,
    blocks: `${tally.blocks}`,
    bars: `${tally.bars}`,
    sums: tally.sums.map(String),
    products: tally.products.map(String),
    creditMicroWork: `${creditMicroWork}`,
    paidMicroWork: `${paidMicroWork}`,
    performers,
  });
}

/** Reads {@link standingText}. */
export function parseStanding(text: string): Result<Standing, 'standing-malformed'> {
  try {
    // Whatever is missing or of another type makes BigInt or the destructuring throw.
    const read = JSON.parse(text) as Record<string, string & string[] & [string, string, string][]>;
    const performers = new Map<string, PerformerCredit>();
    for (const [name, work, credit] of read.performers ?? [])
      performers.set(name, { workUnits: BigInt(work), creditMicroWork: BigInt(credit) });
    const [sums, products] = [numbers(read.sums, 4), numbers(read.products, 16)];
    const { ownerGroup } = read;
    if (typeof ownerGroup !== 'string' || !sums || !products || performers.size > PERFORMERS_MAX + 1)
      return MALFORMED;
    return ok({
      ownerGroup,
      tally: { blocks: integer(read.blocks), bars: integer(read.bars), sums, products },
      creditMicroWork: integer(read.creditMicroWork),
      performers,
      paidMicroWork: integer(read.paidMicroWork),
    });
  } catch {
    return MALFORMED;
  }
}

const MALFORMED = refuse('standing-malformed', 'This is no stored standing of an owner group.');

function integer(text: string | undefined): bigint {
  if (typeof text !== 'string' || !/^-?\d+$/.test(text)) throw new TypeError('no decimal integer');
  return BigInt(text);
}

function numbers(texts: readonly string[] | undefined, count: number): bigint[] | null {
  return Array.isArray(texts) && texts.length === count ? texts.map(integer) : null;
}
