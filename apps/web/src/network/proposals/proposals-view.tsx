import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { type ProposalLine, proposals } from '../network-api.ts';
import { OpenForm } from './open-form.tsx';
import { proposalText } from './text.ts';

/** Proposed rules, the newest first; the operator proposes below. */
export function ProposalsView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(proposalText);
  const pages = usePages(proposals.page);
  return (
    <>
      <p className="lede">{words.lede}</p>
      <p>{words.advice}</p>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ol className="rows network-rows">
        {pages.rows.map((proposal) => (
          <Line key={proposal.id} proposal={proposal} />
        ))}
      </ol>
      <More pages={pages} />
      {canAct && <OpenForm />}
    </>
  );
}

function Line({
  proposal: { id, title, phase, opensAtUs, closesAtUs, votes, comments },
}: {
  readonly proposal: ProposalLine;
}) {
  const words = useText(proposalText);
  const format = useFormats();
  const day = (us: string): string => format.day(Number(BigInt(us) / 1000n));
  return (
    <li data-proposal={id}>
      <div className="row-head">
        <h3>
          <a href={`#proposals/${id}`}>{title}</a>
        </h3>
        <span className="scribble" data-phase={phase}>
          {words.phases[phase]}
        </span>
      </div>
      <p className="quiet">{words.period(day(opensAtUs), day(closesAtUs))}</p>
      <p>
        {words.tally(votes.for, votes.against, votes.abstain)} · {words.comments(comments)}
      </p>
    </li>
  );
}
