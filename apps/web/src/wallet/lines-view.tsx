import { useState } from 'react';
import type { WalletLine } from '../api/endpoints.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { LineReason } from './line-reason.tsx';
import { pageText } from './page-text.ts';
import { StatementsView } from './statements-view.tsx';
import { money } from './wallet-api.ts';

/** Every payment with its reason, and the statements that sum them up. */
export function LinesView() {
  const words = useText(pageText);
  const { asked, again } = useAnswer(money.wallet);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const { payee, lines } = asked.value;
  return (
    <>
      {lines.length === 0 ? <p className="quiet">{words.nothing}</p> : <Lines lines={lines} />}
      <StatementsView payee={payee} epochs={[...new Set(lines.map(({ epoch }) => epoch))]} />
    </>
  );
}

/** Lines shown at a time; a month of a busy machine has hundreds. */
const LINES_STEP = 40;

function Lines({ lines }: { readonly lines: readonly WalletLine[] }) {
  const words = useText(pageText);
  const format = useFormats();
  const [shown, setShown] = useState(LINES_STEP);
  return (
    <div data-part="lines">
      <h3>{words.earned}</h3>
      <ul className="rows">
        {lines.slice(0, shown).map((line) => (
          <li key={`${line.epoch} ${line.contribution} ${line.rule} ${line.name}`} className="row-head">
            <LineReason line={line} words={words.line} />
            <b>{format.jam(line.amountMicroJam)}</b>
          </li>
        ))}
      </ul>
      {lines.length > shown && (
        <button type="button" onClick={() => setShown(shown + LINES_STEP)}>
          {words.more(format.number(lines.length - shown))}
        </button>
      )}
    </div>
  );
}
