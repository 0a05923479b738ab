import { kindOf } from '../api/kinds.ts';
import { text } from '../text/text.ts';

/** A strip of coloured tape with the kind's name on it; plain for a kind this page does not know. */
export function KindTag({ kind }: { readonly kind: string }) {
  const known = kindOf(kind);
  return (
    <span className={`tape ${known === null ? '' : `tape-${known}`}`}>
      {known === null ? kind : text.kinds[known]}
    </span>
  );
}
