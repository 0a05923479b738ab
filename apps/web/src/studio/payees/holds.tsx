import { useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Confirm } from '../../look/confirm.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import type { ActOnFile } from './payee-file.tsx';
import { type Payee, payees } from './payees-api.ts';
import { payeesText } from './text.ts';

interface HoldsProps {
  readonly payee: Payee;
  readonly isBusy: boolean;
  readonly act: ActOnFile;
}

type Hold = Payee['holds'][number];

/** What holds payments back, each with its reason, and another. */
export function Holds({ payee, isBusy, act }: HoldsProps) {
  const words = useText(payeesText);
  const format = useFormats();
  const [lifting, setLifting] = useState<Hold | null>(null);
  return (
    <div className="studio-card" data-part="holds">
      <h4>{words.holds}</h4>
      {payee.holds.length === 0 && <p>{words.noHolds}</p>}
      <ul className="rows">
        {payee.holds.map((hold) => (
          <li key={hold.id}>
            <div className="row-head">
              <b>{hold.id}</b>
              <button type="button" disabled={isBusy} onClick={() => setLifting(hold)}>
                {words.release}
              </button>
            </div>
            <p>{hold.reason}</p>
            <p className="quiet">{words.since(format.moment(Number(BigInt(hold.sinceUs) / 1000n)))}</p>
          </li>
        ))}
      </ul>
      <HoldForm name={payee.payee} isBusy={isBusy} act={act} />
      {lifting !== null && (
        <Confirm
          title={words.sureRelease}
          totals={[
            [words.find, payee.payee],
            [words.holdId, lifting.id],
            [words.reason, lifting.reason],
          ]}
          act={words.release}
          isBusy={isBusy}
          onAct={() => {
            setLifting(null);
            void act(payees.release(payee.payee, lifting.id), words.done);
          }}
          onLeave={() => setLifting(null)}
        >
          <p>{words.sureReleaseWhy}</p>
        </Confirm>
      )}
    </div>
  );
}

function HoldForm({ name, isBusy, act }: Omit<HoldsProps, 'payee'> & { readonly name: string }) {
  const words = useText(payeesText);
  const { draft, write, clear } = useDraft(`hold-${name}`, { id: '', reason: '' });
  const field = (key: keyof typeof draft, label: string, hint: string, lengthMax: number) => (
    <TextField
      name={key}
      label={label}
      hint={hint}
      value={draft[key]}
      maxLength={lengthMax}
      autoComplete="off"
      onText={(text) => write({ [key]: text })}
    />
  );
  return (
    <form
      className="studio-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act(payees.hold(name, draft), words.done).then((isDone) => isDone && clear());
      }}
    >
      {field('id', words.holdId, words.holdIdHint, 64)}
      {field('reason', words.reason, words.reasonHint, 256)}
      <button type="submit" disabled={isBusy}>
        {words.hold}
      </button>
    </form>
  );
}
