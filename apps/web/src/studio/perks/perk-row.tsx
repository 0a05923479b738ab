import type { Result } from '@jamnet/base';
import { useCallback, useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Perk, perks } from './perks-api.ts';
import { perksText } from './text.ts';

interface PerkRowProps {
  readonly perk: Perk;
  readonly onChanged: () => void;
}

/** One perk: what it cost, what of it is used, what happened; granted ones can be used or taken back. */
export function PerkRow({ perk, onChanged }: PerkRowProps) {
  const words = useText(perksText);
  const format = useFormats();
  const [isTold, setTold] = useState(false);
  const left = BigInt(perk.quantity) - BigInt(perk.usedQuantity);
  return (
    <li data-perk={perk.state}>
      <div className="row-head">
        <b>{perk.title}</b>
        <span className="tape">{words.states[perk.state]}</span>
      </div>
      <p>{perk.sentence}</p>
      <p className="quiet">
        {words.used(
          format.number(BigInt(perk.usedQuantity)),
          format.number(BigInt(perk.quantity)),
          perk.unit,
        )}
        ; {words.held}: {format.jam(perk.heldMicroJam)}; {words.paid}: {format.jam(perk.costMicroJam)}
      </p>
      <button type="button" aria-expanded={isTold} onClick={() => setTold(!isTold)}>
        {isTold ? words.hide : words.journal}
      </button>
      {isTold && <Journal id={perk.id} />}
      {perk.state === 'granted' && left > 0n && <PerkActs perk={perk} onChanged={onChanged} />}
    </li>
  );
}

function Journal({ id }: { readonly id: string }) {
  const format = useFormats();
  const { asked, again } = useAnswer(useCallback(() => perks.journal(id), [id]));
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  if (asked.status === 'asking') return null;
  return (
    <ul className="rows">
      {asked.value.map(({ type, quantity, reference, atUs }) => (
        <li key={`${atUs}-${type}-${reference}`} lang="en">
          {format.moment(Number(BigInt(atUs) / 1000n))}: {type} {format.number(BigInt(quantity))} {reference}
        </li>
      ))}
    </ul>
  );
}

function PerkActs({ perk, onChanged }: PerkRowProps) {
  const words = useText(perksText);
  const format = useFormats();
  const { draft, write, clear } = useDraft(`perk-${perk.id}`, { quantity: '1', reference: '', reason: '' });
  const [isRevoking, setRevoking] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const done = async (begun: Promise<Result<unknown>>): Promise<void> => {
    if (!(await act(begun))) return;
    clear();
    onChanged();
  };
  const field = (name: keyof typeof draft, label: string, hint: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={128}
      autoComplete="off"
      {...(name === 'quantity' ? { pattern: '[1-9][0-9]{0,6}' } : {})}
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <>
      {complaint !== null && <Complaint message={complaint} />}
      <form
        className="studio-form"
        onSubmit={(event) => {
          event.preventDefault();
          const { quantity, reference } = draft;
          void done(perks.use(perk.id, { quantity: Number(quantity), reference }));
        }}
      >
        {field('quantity', words.quantity, words.quantityHint)}
        {field('reference', words.reference, words.referenceHint)}
        <button type="submit" disabled={isBusy}>
          {words.use}
        </button>
      </form>
      <form
        className="studio-form"
        onSubmit={(event) => {
          event.preventDefault();
          setRevoking(true);
        }}
      >
        {field('reason', words.reason, words.reasonHint)}
        <button type="submit" disabled={isBusy}>
          {words.revoke}
        </button>
      </form>
      {isRevoking && (
        <Confirm
          title={words.sureRevoke}
          totals={[
            [words.item, perk.title],
            [words.quantity, format.number(BigInt(perk.quantity) - BigInt(perk.usedQuantity))],
            [words.paid, format.jam(perk.costMicroJam)],
            [words.reason, draft.reason],
          ]}
          act={words.revoke}
          isBusy={isBusy}
          onAct={() => {
            setRevoking(false);
            void done(perks.revoke(perk.id, draft.reason));
          }}
          onLeave={() => setRevoking(false)}
        >
          <p>{words.sureRevokeWhy}</p>
        </Confirm>
      )}
    </>
  );
}
