import { assert } from '@jamnet/base';
import { EPOCH_LIMITS, type EpochColumns } from '../../core/epoch/epoch-columns.ts';
import { Numbered } from '../../core/epoch/numbered.ts';
import type { RecordReader } from './record-reader.ts';

/** Takes the open contributions of the policy's meters into columns; answers their rows' numbers in the same order. */
export async function readContributions(
  columns: EpochColumns,
  reader: RecordReader,
  beforeUs: bigint,
): Promise<Numbered> {
  const numbers = new Numbered();
  for await (const page of reader.contributions(beforeUs))
    for (const [number, id, meterName, payees, merit, ownerGroup] of page) {
      const meter = columns.meterNumber(meterName);
      if (meter < 0) continue;
      assert(
        columns.contributions.size < EPOCH_LIMITS.contributions,
        'an epoch of more contributions than fit',
      );
      numbers.numberOf(number);
      columns.takeContribution({ id, meter, merit, payees: payeesOf(payees), ownerGroup, earlier: false });
    }
  return numbers;
}

/** `p…=weight` separated by spaces, as `contributionColumns` writes it. */
export function payeesOf(text: string): { payee: string; weight: number }[] {
  return text.split(' ').map((part) => {
    const at = part.indexOf('=');
    return { payee: part.slice(0, at), weight: Number(part.slice(at + 1)) };
  });
}
