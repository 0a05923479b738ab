import { useCallback, useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { SelectField } from '../look/select-field.tsx';
import { type Bounty, type Change, curation } from './curate-api.ts';
import { text } from './text.ts';
import { VerdictForm } from './verdict-form.tsx';

/** Characters of a commit's hash that tell it from others. */
const COMMIT_LENGTH = 10;

const STATES = ['waiting', 'granted', 'refused', 'paid'] as const;

/** Commits that no replay can judge, with their size and difference, to grant or refuse. */
export function BountiesView({ canDecide }: { readonly canDecide: boolean }) {
  const words = useText(text).bounties;
  const [state, setState] = useState<Bounty['state'] | null>(null);
  const pages = usePages(useCallback((after: string | null) => curation.bounties(state, after), [state]));
  const isEmpty = pages.status === 'answered' && pages.rows.length === 0;
  return (
    <section className="curate-part" aria-labelledby="bounties">
      <h3 id="bounties">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      <SelectField
        name="state"
        label={words.which}
        value={state ?? ''}
        choices={[['', words.all], ...STATES.map((each) => [each, words.states[each]] as const)]}
        onText={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)}
      />
      {isEmpty && <Empty>{state === null ? words.none : words.noneSuch}</Empty>}
      <ul className="rows">
        {pages.rows.map((bounty) => (
          <BountyRow key={bounty.id} listed={bounty} canDecide={canDecide} />
        ))}
      </ul>
      <More pages={pages} />
    </section>
  );
}

function BountyRow({ listed, canDecide }: { readonly listed: Bounty; readonly canDecide: boolean }) {
  const words = useText(text).bounties;
  const { isBusy, complaint, act } = useAct();
  const { act: load, complaint: notLoaded } = useAct();
  const [change, setChange] = useState<Change | null>(null);
  /** As it was listed, and as it is once it was decided here. */
  const [bounty, setBounty] = useState(listed);
  const { id, repository, commit, state, statements, tokens, reason } = bounty;
  const short = commit.slice(0, COMMIT_LENGTH);
  const show = (): Promise<boolean> =>
    load(
      curation.change(id).then((answer) => {
        if (answer.ok) setChange(answer.value.change);
        return answer;
      }),
    );
  const decide = (verdict: 'granted' | 'refused', why: string): Promise<boolean> =>
    act(
      curation.decideBounty(id, verdict, why).then((answer) => {
        if (answer.ok) setBounty(answer.value);
        return answer;
      }),
    );
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
      {canDecide && state === 'waiting' && (
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
