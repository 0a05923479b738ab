import { kindOf } from '../api/kinds.ts';
import type { Epoch } from '../api/state.ts';
import { jamText } from '../format/amounts.ts';
import { perMille } from '../format/numbers.ts';
import { KindTag } from '../look/kind-tag.tsx';
import { text } from '../text/text.ts';
import { ringPath, slicesOf } from './pie-geometry.ts';

const words = text.epoch;

/** The epoch's ring, and the same as a list with amounts and parts. */
export function Pie({ byKind }: { readonly byKind: Epoch['byKind'] }) {
  const amounts = byKind.map((part) => BigInt(part.amountMicroJam));
  const whole = amounts.reduce((sum, amount) => sum + amount, 0n);
  const slices = slicesOf(amounts);
  const partOf = (index: number): string => `${(perMille(amounts[index] ?? 0n, whole) / 10).toFixed(1)} %`;
  const spoken = byKind.map((part, index) => `${nameOf(part.kind)} ${partOf(index)}`).join(', ');
  return (
    <div className="pie">
      <svg viewBox="-52 -52 104 104" role="img" aria-label={words.pieLabel(spoken)}>
        {slices.map((slice, index) => (
          <path
            key={byKind[index]?.kind}
            className={`slice slice-${kindOf(byKind[index]?.kind ?? '') ?? 'other'}`}
            d={ringPath(slice, 50, 27)}
          />
        ))}
      </svg>
      <ul className="pie-parts">
        {byKind.map((part, index) => (
          <li key={part.kind}>
            <KindTag kind={part.kind} />
            <b>{partOf(index)}</b>
            <span className="figure">{jamText(part.amountMicroJam)} JAM</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function nameOf(kind: string): string {
  const known = kindOf(kind);
  return known === null ? kind : text.kinds[known];
}
