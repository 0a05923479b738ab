import { useCallback, useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Confirm } from '../look/confirm.tsx';
import { TextField } from '../look/text-field.tsx';
import { account, type Erasure } from './account-api.ts';
import { eraseText } from './erase-text.ts';
import { useAct } from './use-act.ts';

interface EraseViewProps {
  readonly name: string;
  readonly onErased: () => void;
}

/** The way out of the studio: what stays, what would be given up, and the name written once more. */
export function EraseView({ name, onErased }: EraseViewProps) {
  const words = useText(eraseText);
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="account-part" aria-labelledby="erase">
      <h3 id="erase">{words.title}</h3>
      <p>{words.lede}</p>
      <p className="quiet">{words.stays}</p>
      {isOpen ? (
        <Asked name={name} onErased={onErased} />
      ) : (
        <button type="button" onClick={() => setOpen(true)}>
          {words.open}
        </button>
      )}
    </section>
  );
}

function Asked({ name, onErased }: EraseViewProps) {
  const words = useText(eraseText);
  const { asked, again } = useAnswer(useCallback(() => account.erasure(), []));
  if (asked.status === 'asking') return null;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const { inTheWay } = asked.value;
  if (inTheWay.length === 0)
    return <EraseForm name={name} erasure={asked.value} onErased={onErased} onChanged={again} />;
  return (
    <ul>
      {inTheWay.map((way) => (
        <li key={way}>{words.ways[way]}</li>
      ))}
    </ul>
  );
}

interface EraseFormProps extends EraseViewProps {
  readonly erasure: Erasure;
  /** Of what would be given up, something may have changed. */
  readonly onChanged: () => void;
}

function EraseForm({ name, erasure, onErased, onChanged }: EraseFormProps) {
  const words = useText(eraseText);
  const format = useFormats();
  const [typed, setTyped] = useState('');
  const [isAsking, setAsking] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const { balanceMicroJam, payableCents } = erasure;
  const totals = [
    [words.balance, format.jam(balanceMicroJam)],
    [words.payable, format.dollars(payableCents)],
  ] as const;
  const erase = async (): Promise<void> => {
    setAsking(false);
    if (await act(account.erase({ name: typed, balanceMicroJam, payableCents }))) onErased();
    else onChanged();
  };
  return (
    <form
      className="account-form"
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(true);
      }}
    >
      <dl className="facts">
        {totals.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TextField
        name="erase-name"
        label={words.name}
        hint={words.nameHint(name)}
        value={typed}
        onText={setTyped}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
      />
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" disabled={isBusy || typed !== name}>
        {words.erase}
      </button>
      {isAsking && (
        <Confirm
          title={words.sure}
          totals={totals}
          act={words.erase}
          isBusy={isBusy}
          onAct={() => void erase()}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </form>
  );
}
