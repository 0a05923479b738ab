import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { type Proposal, proposals, type Said } from '../network-api.ts';
import { proposalText } from './text.ts';
import type { VoiceProps } from './voice-form.tsx';

/** What was said; where the operator hid something, why. */
export function Comments({ proposal, canAct, onChange }: VoiceProps & { readonly canAct: boolean }) {
  const words = useText(proposalText);
  return (
    <>
      <h3>{words.saidTitle}</h3>
      {proposal.said.length === 0 && <p className="quiet">{words.noneSaid}</p>}
      <ol className="rows network-rows">
        {proposal.said.map((said) => (
          <Comment key={said.number} said={said} id={proposal.id} canAct={canAct} onChange={onChange} />
        ))}
      </ol>
    </>
  );
}

interface CommentProps {
  readonly said: Said;
  readonly id: string;
  readonly canAct: boolean;
  readonly onChange: (proposal: Proposal) => void;
}

function Comment({ said, id, canAct, onChange }: CommentProps) {
  const words = useText(proposalText);
  const format = useFormats();
  const [isHiding, setHiding] = useState(false);
  const { number, author, name, isOwn, atUs, text, hiddenReason } = said;
  return (
    <li data-comment={number}>
      <div className="row-head">
        <b>
          {name ?? words.author(author)} {isOwn && <span className="quiet">({words.you})</span>}
        </b>
        <span className="quiet">{format.moment(Number(BigInt(atUs) / 1000n))}</span>
      </div>
      {text !== null && <p className="network-said">{text}</p>}
      {hiddenReason !== null && <p className="quiet">{words.hidden(hiddenReason)}</p>}
      {canAct && hiddenReason === null && !isHiding && (
        <button type="button" className="plain" onClick={() => setHiding(true)}>
          {words.hide(number)}
        </button>
      )}
      {isHiding && hiddenReason === null && <HideForm id={id} number={number} onChange={onChange} />}
    </li>
  );
}

function HideForm({
  id,
  number,
  onChange,
}: { readonly number: number } & Pick<CommentProps, 'id' | 'onChange'>) {
  const words = useText(proposalText);
  const [reason, setReason] = useState('');
  const { isBusy, complaint, act } = useAct();
  const hide = async (): Promise<void> => {
    const hiding = proposals.hide(id, number, reason);
    await act(hiding);
    const hidden = await hiding;
    if (hidden.ok) onChange(hidden.value);
  };
  return (
    <div className="studio-form">
      <label className="field">
        <span>{words.hideReason}</span>
        <input maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      {complaint !== null && <Complaint message={complaint} />}
      <button type="button" disabled={isBusy || reason.trim() === ''} onClick={() => void hide()}>
        {words.hideAct}
      </button>
    </div>
  );
}
