import { useCallback, useState } from 'react';
import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { PerkRow } from './perk-row.tsx';
import { perks } from './perks-api.ts';
import { perksText } from './text.ts';

/** Whose perks are looked at, and those perks. */
export function PayeePerks() {
  const words = useText(perksText);
  const { draft, write } = useDraft('perks-of', { payee: '' });
  const [payee, setPayee] = useState<string | null>(null);
  return (
    <div className="studio-card" data-part="perks-of">
      <h3>{words.find}</h3>
      <form
        className="studio-form"
        onSubmit={(event) => {
          event.preventDefault();
          setPayee(draft.payee);
        }}
      >
        <TextField
          name="perks-of"
          label={words.payee}
          hint={words.payeeHint}
          value={draft.payee}
          pattern="p[0-9a-f]{32}"
          maxLength={33}
          autoComplete="off"
          onText={(text) => write({ payee: text })}
        />
        <button type="submit">{words.show}</button>
      </form>
      {payee !== null && <PerkList key={payee} payee={payee} />}
    </div>
  );
}

function PerkList({ payee }: { readonly payee: string }) {
  const words = useText(perksText);
  const [version, setVersion] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version asks anew.
  const load = useCallback((after: string | null) => perks.of(payee, after), [payee, version]);
  const pages = usePages(load);
  return (
    <>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {pages.rows.map((perk) => (
          <PerkRow key={perk.id} perk={perk} onChanged={() => setVersion((number) => number + 1)} />
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}
