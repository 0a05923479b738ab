import { kindOf } from '../api/kinds.ts';
import { useText } from '../language/use-text.ts';
import { text } from './text.ts';

/** A strip of coloured tape with the kind's name on it; plain for a kind this page does not know. */
export function KindTag({ kind }: { readonly kind: string }) {
  const { kinds } = useText(text);
  const known = kindOf(kind);
  return (
    <span className={`tape ${known === null ? '' : `tape-${known}`}`}>
      {known === null ? kind : kinds[known]}
    </span>
  );
}
