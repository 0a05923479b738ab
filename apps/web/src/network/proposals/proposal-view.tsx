import { useCallback, useState } from 'react';
import type { Me } from '../../account/account-api.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { namedChanges } from '../../rules/named-changes.ts';
import { PolicyChanges } from '../../rules/policy-changes.tsx';
import { RulesShown } from '../../rules/rules-shown.tsx';
import { type Proposal, proposals } from '../network-api.ts';
import { Comments } from './comments.tsx';
import { DecideForm } from './decide-form.tsx';
import { proposalText } from './text.ts';
import { VoiceForm } from './voice-form.tsx';

/** One proposal: what it changes, what was said and advised, how it was decided; members speak here, the operator decides. */
export function ProposalView({ id, me }: { readonly id: string; readonly me: Me | null }) {
  const words = useText(proposalText);
  const ask = useCallback(() => proposals.show(id), [id]);
  const { asked, again } = useAnswer(ask);
  const [changed, setChanged] = useState<Proposal | null>(null);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const proposal = changed ?? asked.value;
  const canAct = me?.role === 'operator';
  const isUndecided = proposal.decision === null;
  return (
    <>
      <p>
        <a href="#proposals">{words.back}</a>
      </p>
      <Head proposal={proposal} />
      {proposal.decision !== null && <DecisionView proposal={proposal} />}
      <h3>{words.adviceTitle}</h3>
      <p>{words.tally(proposal.votes.for, proposal.votes.against, proposal.votes.abstain)}</p>
      <p className="quiet">{words.advice}</p>
      <Comments proposal={proposal} canAct={canAct} onChange={setChanged} />
      {proposal.phase === 'open' && <VoiceForm proposal={proposal} me={me} onChange={setChanged} />}
      {canAct && isUndecided && <DecideForm proposal={proposal} onChange={setChanged} />}
    </>
  );
}

function Head({ proposal }: { readonly proposal: Proposal }) {
  const words = useText(proposalText);
  const format = useFormats();
  const moment = (us: string): string => format.moment(Number(BigInt(us) / 1000n));
  const { title, phase, opensAtUs, closesAtUs, text, policy, before, policySha256, leaf, file } = proposal;
  return (
    <>
      <div className="row-head network-head">
        <h3>{title}</h3>
        <span className="scribble" data-phase={phase}>
          {words.phases[phase]}
        </span>
      </div>
      <p className="quiet">{words.period(moment(opensAtUs), moment(closesAtUs))}</p>
      <p className="network-said">{text}</p>
      <h3>{words.changesTitle}</h3>
      <div>
        <PolicyChanges changes={namedChanges(before ?? {}, policy)} words={words.words} />
      </div>
      <p className="hash">{policySha256}</p>
      <RulesShown document={policy} />
      <p className="studio-acts">
        <a href={file}>{words.file}</a>
        {leaf !== null && <a href={`/books/#entries/${leaf}`}>{words.inLog}</a>}
      </p>
    </>
  );
}

function DecisionView({ proposal: { decision, policy } }: { readonly proposal: Proposal }) {
  const words = useText(proposalText);
  const format = useFormats();
  if (decision === null) return null;
  const { verdict, reasons, decidedAtUs, leaf, amended, policySha256 } = decision;
  return (
    <div className={verdict === 'adopted' ? 'proof network-decision' : 'proof proof-fails network-decision'}>
      <h3>{words.decisionTitle}</h3>
      <p className="proof-verdict">{words.phases[verdict]}</p>
      <p className="network-said">{reasons}</p>
      {amended !== null && (
        <>
          <PolicyChanges changes={namedChanges(policy, amended)} words={words.amendedWords} />
          <p className="hash">{policySha256}</p>
          <RulesShown document={amended} />
        </>
      )}
      <p className="quiet">{words.decided(format.moment(Number(BigInt(decidedAtUs) / 1000n)))}</p>
      {leaf !== null && <a href={`/books/#entries/${leaf}`}>{words.inLog}</a>}
    </div>
  );
}
