import type { Me } from '../../account/account-api.ts';
import { useAct } from '../../account/use-act.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Choice, type Proposal, proposals } from '../network-api.ts';
import { proposalText } from './text.ts';

const CHOICES: readonly Choice[] = ['for', 'against', 'abstain'];

export interface VoiceProps {
  readonly proposal: Proposal;
  readonly onChange: (proposal: Proposal) => void;
}

/** A member's own voice: advice and comments. */
export function VoiceForm({ proposal, me, onChange }: VoiceProps & { readonly me: Me | null }) {
  const words = useText(proposalText);
  if (me?.role === 'auditor') return <p className="quiet">{words.auditor}</p>;
  if (proposal.own === null)
    return (
      <p>
        <a href="/account/">{words.signIn}</a>
      </p>
    );
  return (
    <>
      <Vote proposal={proposal} own={proposal.own} onChange={onChange} />
      <Write proposal={proposal} left={proposal.own.commentsLeft} onChange={onChange} />
    </>
  );
}

function Vote({ proposal, own, onChange }: VoiceProps & { readonly own: NonNullable<Proposal['own']> }) {
  const words = useText(proposalText);
  const { isBusy, complaint, act } = useAct();
  const vote = async (choice: Choice): Promise<void> => {
    const voting = proposals.vote(proposal.id, choice);
    await act(voting);
    const voted = await voting;
    if (voted.ok) onChange(voted.value);
  };
  return (
    <fieldset className="network-vote">
      <legend>{words.vote}</legend>
      <div className="studio-acts">
        {CHOICES.map((choice) => (
          <button
            key={choice}
            type="button"
            aria-pressed={own.choice === choice}
            disabled={isBusy}
            onClick={() => void vote(choice)}
          >
            {words.choices[choice]}
          </button>
        ))}
      </div>
      <p role="status">{own.choice === null ? words.noVoice : words.yours[own.choice]}</p>
      {complaint !== null && <Complaint message={complaint} />}
    </fieldset>
  );
}

function Write({ proposal: { id }, left, onChange }: VoiceProps & { readonly left: number }) {
  const words = useText(proposalText);
  const { draft, write, clear } = useDraft(`comment-${id}`, { text: '' });
  const { isBusy, complaint, act } = useAct();
  if (left === 0) return <p className="quiet">{words.noneLeft}</p>;
  const send = async (): Promise<void> => {
    const sending = proposals.comment(id, draft.text);
    await act(sending);
    const sent = await sending;
    if (!sent.ok) return;
    clear();
    onChange(sent.value);
  };
  return (
    <form
      className="studio-card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label className="field wide network-prose">
        <span>{words.write}</span>
        <textarea
          name="comment"
          maxLength={2000}
          required
          value={draft.text}
          onChange={(event) => write({ text: event.target.value })}
        />
        <small className="quiet">{words.writeHint(left)}</small>
      </label>
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" className="primary" disabled={isBusy || draft.text.trim() === ''}>
        {words.send}
      </button>
    </form>
  );
}
