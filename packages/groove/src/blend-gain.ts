import { divideRoundingBig } from './integers.ts';
import type { RoundRecord } from './round-types.ts';
import { type Group, quantitiesOf } from './settle-groups.ts';
import { PPM } from './skill.ts';

/**
 * What a group adds to what could be known without it: (loss of the better of the blend without it and the best other group −
 * loss of the blend with it) / loss of house-1, the mean over the quantities, 1/1 000 000. The best other group stands there
 * because a copy that pulls the blend towards its original adds nothing to one who already has the original.
 */
export function blendGainPpm(record: RoundRecord, group: Group, others: readonly Group[]): bigint {
  const quantities = quantitiesOf(record);
  const shares = quantities.map((of, quantity) => {
    let [all, without, house] = [0n, 0n, 0n];
    const single = others.map(() => 0n);
    record.rows.forEach(({ blend, house1 }, row) => {
      house += BigInt(of(house1));
      const rest = blend?.without.find((other) => other.ownerGroup === group.ownerGroup);
      if (!blend || !rest) return;
      all += BigInt(of(blend.all));
      without += BigInt(of(rest.score));
      others.forEach((other, index) => {
        single[index] = (single[index] ?? 0n) + (other.losses[row]?.[quantity]?.own ?? 0n);
      });
    });
    let known = without;
    for (const loss of single) if (loss < known) known = loss;
    return house === 0n ? 0n : divideRoundingBig((known - all) * PPM, house);
  });
  return divideRoundingBig(
    shares.reduce((sum, share) => sum + share, 0n),
    BigInt(shares.length),
  );
}
