import { useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { type Bounty, type Change, curation } from './curate-api.ts';
import { text } from './text.ts';
import { VerdictForm } from './verdict-form.tsx';

/** Characters of a commit's hash that tell it from others. */
const COMMIT_LENGTH = 10;

/** Commits that no replay can judge, with their size and difference, to grant or refuse. */
export function BountiesView() {
  const words = useText(text).bounties;
  const { asked, again } = useAnswer(curation.bounties);
  return (
    <section className="curate-part" aria-labelledby="bounties">
      <h3 id="bounties">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' &&
        (asked.value.length === 0 ? (
          <Empty>{words.none}</Empty>
        ) : (
          <ul className="rows">
            {asked.value.map((bounty) => (
              <BountyRow key={bounty.id} bounty={bounty} again={again} />
            ))}
          </ul>
        ))}
    </section>
  );
}

function BountyRow({ bounty, again }: { readonly bounty: Bounty; readonly again: () => void }) {
  const words = useText(text).bounties;
  const { isBusy, complaint, act } = useAct();
  const { act: load, complaint: notLoaded } = useAct();
  const [change, setChange] = useState<Change | null>(null);
  const { id, repository, commit, state, statements, tokens, reason } = bounty;
  const short = commit.slice(0, COMMIT_LENGTH);
  const show = (): Promise<boolean> =>
    load(
      curation.change(id).then((answer) => {
        if (answer.ok) setChange(answer.value.change);
        return answer;
      }),
    );
  const decide = async (verdict: 'granted' | 'refused', why: string): Promise<void> => {
    if (await act(curation.decideBounty(id, verdict, why))) again();
  };
  return (
    <li data-bounty={id}>
      <div className="row-head">
        <b>{repository}</b> <code className="hash">{short}</code>
      </div>
      <p>
        {words.size(statements, tokens)}: <b>{words.states[state]}</b>
      </p>
      {reason !== null && <p className="quiet">{reason}</p>}
      {complaint !== null && <Complaint message={complaint} />}
      {notLoaded !== null && <Complaint message={notLoaded} again={show} />}
      {change === null ? (
        <button type="button" className="plain" onClick={show}>
          {words.show}
        </button>
      ) : (
        <ChangeView change={change} label={words.diff(short)} />
      )}
      {state === 'waiting' && (
        <VerdictForm
          choices={[
            ['granted', words.grant],
            ['refused', words.refuse],
          ]}
          isBusy={isBusy}
          onDecide={(verdict, why) => void decide(verdict, why)}
        />
      )}
    </li>
  );
}

/** A commit as its author wrote it: nothing in it is trusted, all of it is text. */
function ChangeView({ change, label }: { readonly change: Change; readonly label: string }) {
  const words = useText(text).bounties;
  const { subject, added, removed, files, diff, isCut } = change;
  return (
    <>
      <p>
        {subject} <span className="quiet">{words.lines(added, removed, files)}</span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section className="diff" tabIndex={0} aria-label={label}>
        <pre>{diff}</pre>
      </section>
      {isCut && <p className="quiet">{words.cut}</p>}
    </>
  );
}
