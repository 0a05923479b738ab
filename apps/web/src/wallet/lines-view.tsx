import { useAnswer } from '../api/use-answer.ts';
import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
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
  const { payee, epochs } = asked.value;
  return (
    <>
      {epochs.length === 0 ? <p className="quiet">{words.nothing}</p> : <Lines />}
      <StatementsView payee={payee} epochs={epochs} />
    </>
  );
}

function Lines() {
  const words = useText(pageText);
  const format = useFormats();
  const pages = usePages(money.lines);
  return (
    <div data-part="lines">
      <h3>{words.earned}</h3>
      <ul className="rows">
        {pages.rows.map((line) => (
          <li key={`${line.epoch} ${line.contribution} ${line.rule} ${line.name}`} className="row-head">
            <LineReason line={line} words={words.line} />
            <b>{format.jam(line.amountMicroJam)}</b>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}
