import { account, type Me } from '../account/account-api.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { PageFrame } from '../look/page-frame.tsx';
import { BountiesView } from './bounties-view.tsx';
import { CandidatesView } from './candidates-view.tsx';
import { curation } from './curate-api.ts';
import { ListeningView } from './listening-view.tsx';
import { ReleasesView } from './releases-view.tsx';
import { text } from './text.ts';

/** What curators do: listen, judge models, decide on bounties. */
export function CuratePage() {
  const words = useText(text);
  const { asked, again } = useAnswer(account.me);
  return (
    <PageFrame title={words.title} lede={words.lede} home={words.home} className="curate">
      {asked.status === 'asking' && <p role="status">{words.looking}</p>}
      {asked.status === 'refused' && <Complaint message={words.unreachable} again={again} />}
      {asked.status === 'answered' && <Inside me={asked.value.signedIn} />}
    </PageFrame>
  );
}

function Inside({ me }: { readonly me: Me | null }) {
  const words = useText(text);
  if (me?.role === 'curator')
    return (
      <>
        <Listen />
        <CandidatesView />
        <ReleasesView canJudge={true} />
        <BountiesView canDecide={true} />
      </>
    );
  if (me?.role === 'operator' || me?.role === 'auditor')
    return (
      <>
        <div className="curate-part">
          <p>{words.looksOn}</p>
        </div>
        <CandidatesView />
        <ReleasesView canJudge={false} />
      </>
    );
  return (
    <div className="curate-part">
      <p>{me === null ? words.signIn : words.notCurator(me.name)}</p>
      <p>
        <a href="/account/">{words.account}</a>
      </p>
    </div>
  );
}

function Listen() {
  const { asked, again } = useAnswer(curation.look);
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  return asked.status === 'answered' ? <ListeningView first={asked.value} /> : null;
}
