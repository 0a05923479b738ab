import { useState } from 'react';
import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { PayeeFile } from './payee-file.tsx';
import { type Payee, payees } from './payees-api.ts';
import { payeesText } from './text.ts';

const PAYEE_PATTERN = 'p[0-9a-f]{32}';

/** Everybody who has a file, and one of them at a time. */
export function PayeesView() {
  const words = useText(payeesText);
  const { draft, write } = useDraft('payee', { payee: '' });
  const [open, setOpen] = useState<string | null>(null);
  if (open !== null) return <PayeeFile name={open} onClose={() => setOpen(null)} />;
  return (
    <>
      <p className="lede">{words.lede}</p>
      <form
        className="studio-form"
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(draft.payee);
        }}
      >
        <TextField
          name="payee"
          label={words.find}
          hint={words.findHint}
          value={draft.payee}
          pattern={PAYEE_PATTERN}
          maxLength={33}
          autoComplete="off"
          spellCheck={false}
          onText={(payee) => write({ payee })}
        />
        <button type="submit">{words.open}</button>
      </form>
      <PayeeList onOpen={setOpen} />
    </>
  );
}

function PayeeList({ onOpen }: { readonly onOpen: (payee: string) => void }) {
  const words = useText(payeesText);
  const pages = usePages(payees.page);
  return (
    <>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows" data-part="payees">
        {pages.rows.map((payee) => (
          <PayeeRow key={payee.payee} payee={payee} onOpen={() => onOpen(payee.payee)} />
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function PayeeRow({ payee, onOpen }: { readonly payee: Payee; readonly onOpen: () => void }) {
  const words = useText(payeesText);
  return (
    <li>
      <div className="row-head">
        <button type="button" className="link hash" onClick={onOpen}>
          {payee.payee}
        </button>
        <span className="tape">{payee.mayBePaid ? words.may : words.mayNot}</span>
      </div>
      {payee.why !== null && <p className="quiet">{payee.why}</p>}
      {payee.holds.length > 0 && <p className="quiet">{words.held(payee.holds.length)}</p>}
    </li>
  );
}
