import { useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { epochs, type UnclosedEpoch } from '../studio/epochs/epochs-api.ts';
import { code, type Filed, type Settled } from './code-api.ts';
import { text } from './text.ts';

/** Merits are told in parts of this. */
const WHOLE = 1e9;

/** For who runs the studio: what code earns is brought into its epoch, and what waited goes to who claimed it. */
export function FilingView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(text).filing;
  const { asked, again } = useAnswer(epochs.unclosed);
  return (
    <>
      <p className="lede">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && asked.value.length === 0 && <Empty>{words.noEpoch}</Empty>}
      {asked.status === 'answered' &&
        asked.value.map((epoch) => <EpochCard key={epoch.id} epoch={epoch} canAct={canAct} />)}
      {canAct && <EscrowCard />}
    </>
  );
}

function EpochCard({ epoch, canAct }: { readonly epoch: UnclosedEpoch; readonly canAct: boolean }) {
  const words = useText(text).filing;
  const [filed, setFiled] = useState<readonly Filed[]>([]);
  const [reading, setReading] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const left = epoch.unfiledCode.filter((name) => !filed.some(({ repository }) => repository === name));
  /** One repository a question: each is told when it is done, and none waits on another's answer. */
  const fileAll = async (): Promise<void> => {
    for (const repository of left) {
      setReading(repository);
      const isDone = await act(
        code.file(epoch.id, repository).then((answer) => {
          if (answer.ok) setFiled((before) => [...before, ...answer.value]);
          return answer;
        }),
      );
      if (!isDone) break;
    }
    setReading(null);
  };
  return (
    <div className="studio-card" data-epoch={epoch.id}>
      <h3>{words.epoch(epoch.id)}</h3>
      <p>{left.length === 0 ? words.allFiled : words.left(left.length)}</p>
      <ul className="rows">
        {left.map((name) => (
          <li key={name} translate="no">
            {name}
          </li>
        ))}
        {filed.map((one) => (
          <FiledRow key={one.repository} filed={one} />
        ))}
      </ul>
      {complaint !== null && <Complaint message={complaint} />}
      {reading !== null && <p role="status">{words.reading(reading)}</p>}
      {canAct && left.length > 0 && (
        <button type="button" className="primary" disabled={isBusy} onClick={() => void fileAll()}>
          {words.file}
        </button>
      )}
    </div>
  );
}

function FiledRow({ filed }: { readonly filed: Filed }) {
  const words = useText(text).filing;
  const format = useFormats();
  const { repository, contributions, usedMerit, bountiesPaid, queued, leftOut } = filed;
  return (
    <li data-filed={repository}>
      <b translate="no">{repository}</b>{' '}
      {words.filed(contributions, format.percent(Number(usedMerit) / WHOLE), bountiesPaid, queued)}
      {leftOut > 0 && ` ${words.leftOut(leftOut)}`}
    </li>
  );
}

function EscrowCard() {
  const words = useText(text).filing;
  const format = useFormats();
  const [settled, setSettled] = useState<Settled | null>(null);
  const { isBusy, complaint, act } = useAct();
  const settle = (): Promise<boolean> =>
    act(
      code.settle().then((answer) => {
        if (answer.ok) setSettled(answer.value);
        return answer;
      }),
    );
  const amount = (of: { readonly microJam: string; readonly cents: string }): string =>
    format.list([format.jam(of.microJam), format.dollars(of.cents)]);
  const isNothing = settled !== null && settled.handedOver.length + settled.expired.length === 0;
  return (
    <div className="studio-card" data-part="escrow">
      <h3>{words.escrow}</h3>
      <p className="quiet">{words.escrowLede}</p>
      {complaint !== null && <Complaint message={complaint} />}
      {isNothing && <p role="status">{words.nothingWaited}</p>}
      {settled !== null && !isNothing && (
        <ul className="rows" aria-live="polite">
          {settled.handedOver.map((one) => (
            <li key={one.from}>
              {words.handedOver(amount(one))} <code className="hash">{one.to}</code>
            </li>
          ))}
          {settled.expired.map((one) => (
            <li key={one.payee}>
              {words.expired(amount(one))} <code className="hash">{one.payee}</code>
            </li>
          ))}
        </ul>
      )}
      <button type="button" disabled={isBusy} onClick={() => void settle()}>
        {words.settle}
      </button>
    </div>
  );
}
