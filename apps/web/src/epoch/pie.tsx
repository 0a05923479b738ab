import { kindOf } from '../api/kinds.ts';
import type { Epoch } from '../api/state.ts';
import { perMille } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { kindName } from '../look/kind-name.ts';
import { KindTag } from '../look/kind-tag.tsx';
import { text as lookText } from '../look/text.ts';
import { text } from '../text/text.ts';
import { ringPath, slicesOf } from './pie-geometry.ts';

/** The epoch's ring, and the same as a list with amounts and parts. */
export function Pie({ byKind }: { readonly byKind: Epoch['byKind'] }) {
  const words = useText(text).epoch;
  const { kinds } = useText(lookText);
  const format = useFormats();
  const amounts = byKind.map((part) => BigInt(part.amountMicroJam));
  const whole = amounts.reduce((sum, amount) => sum + amount, 0n);
  const slices = slicesOf(amounts);
  const partOf = (index: number): string => format.percent(perMille(amounts[index] ?? 0n, whole) / 1000);
  const spoken = byKind.map((part, index) => `${kindName(part.kind, kinds)} ${partOf(index)}`).join(', ');
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
            <span className="figure">{format.jam(part.amountMicroJam)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
