import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { namedChanges } from '../../rules/named-changes.ts';
import { PolicyChanges } from '../../rules/policy-changes.tsx';
import { readPolicy } from '../../rules/read-policy.ts';
import { RulesDraft } from '../../rules/rules-draft.tsx';
import { proposals, type Verdict } from '../network-api.ts';
import { proposalText } from './text.ts';
import type { VoiceProps } from './voice-form.tsx';

/** The operator ends a proposal, with reasons. */
export function DecideForm({ proposal, onChange }: VoiceProps) {
  const words = useText(proposalText);
  const { id, phase, title, votes, comments } = proposal;
  const { draft, write, clear } = useDraft(`decision-${id}`, { reasons: '', policy: '' });
  const [sure, setSure] = useState<Verdict | null>(null);
  const { isBusy, complaint, act } = useAct();
  const read = draft.policy.trim() === '' ? null : readPolicy(draft.policy);
  const isOver = phase === 'closed';
  const isReady = draft.reasons.trim() !== '' && !isBusy;
  const decide = async (verdict: Verdict): Promise<void> => {
    setSure(null);
    const amended = verdict === 'adopted' && read?.ok ? { policy: read.value } : {};
    const deciding = proposals.decide(id, { verdict, reasons: draft.reasons, ...amended });
    await act(deciding);
    const decided = await deciding;
    if (!decided.ok) return;
    clear();
    onChange(decided.value);
  };
  return (
    <div className="studio-card">
      <h3>{words.decide}</h3>
      {!isOver && <p>{words.early}</p>}
      <label className="field wide network-prose">
        <span>{words.reasons}</span>
        <textarea
          name="reasons"
          maxLength={8000}
          value={draft.reasons}
          onChange={(event) => write({ reasons: event.target.value })}
        />
        <small className="quiet">{words.reasonsHint}</small>
      </label>
      {isOver && (
        <>
          <h4>{words.amended}</h4>
          <p className="quiet">{words.amendedHint}</p>
          <RulesDraft
            text={draft.policy}
            onText={(text) => write({ policy: text })}
            inForce={proposal.policy}
            start={{ document: proposal.policy, label: words.amend }}
          />
          {draft.policy !== '' && (
            <button type="button" onClick={() => write({ policy: '' })}>
              {words.asProposed}
            </button>
          )}
          {read?.ok && (
            <PolicyChanges changes={namedChanges(proposal.policy, read.value)} words={words.amendedWords} />
          )}
        </>
      )}
      {complaint !== null && <Complaint message={complaint} />}
      <div className="studio-acts">
        {isOver && (
          <button
            type="button"
            className="primary"
            disabled={!isReady || read?.ok === false}
            onClick={() => setSure('adopted')}
          >
            {words.adopt}
          </button>
        )}
        {isOver && (
          <button type="button" disabled={!isReady} onClick={() => setSure('rejected')}>
            {words.reject}
          </button>
        )}
        <button type="button" disabled={!isReady} onClick={() => setSure('withdrawn')}>
          {words.withdraw}
        </button>
      </div>
      {sure !== null && (
        <Confirm
          title={words.sure[sure]}
          totals={[
            [words.title, title],
            [words.adviceTitle, words.tally(votes.for, votes.against, votes.abstain)],
            [words.saidTitle, words.comments(comments)],
          ]}
          act={{ adopted: words.adopt, rejected: words.reject, withdrawn: words.withdraw }[sure]}
          isBusy={isBusy}
          onAct={() => void decide(sure)}
          onLeave={() => setSure(null)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </div>
  );
}
