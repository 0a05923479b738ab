import type { WalletLine } from '../api/endpoints.ts';
import { useText } from '../language/use-text.ts';
import { kindName } from '../look/kind-name.ts';
import { text as lookText } from '../look/text.ts';
import { lineText } from './line-text.ts';

interface LineReasonProps {
  readonly line: WalletLine;
  /** Says kind and epoch in the words of the page around it. */
  readonly words: (kind: string, epoch: string) => string;
}

/** Why a line was paid, in the reader's language. */
export function LineReason({ line, words }: LineReasonProps) {
  const { by, works } = useText(lineText);
  const { kinds } = useText(lookText);
  return (
    <span>
      {by[line.rule](works[line.what])} <span translate="no">{line.name}</span>{' '}
      <small className="quiet">{words(kindName(line.kind, kinds), line.epoch)}</small>
    </span>
  );
}
