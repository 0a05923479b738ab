import { account, type Me } from '../account/account-api.ts';
import { useAnswer } from '../api/use-answer.ts';
import { BountiesView } from '../curate/bounties-view.tsx';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { PageFrame } from '../look/page-frame.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { ClaimsView } from './claims-view.tsx';
import { FilingView } from './filing-view.tsx';
import { OwnBountiesView } from './own-bounties-view.tsx';
import { type Place, partsFor, placeOf } from './place.ts';
import { RepositoriesView } from './repositories-view.tsx';
import { RepositoryView } from './repository-view.tsx';
import { text } from './text.ts';

/** Code that earns: whose it is, who claims it, and what its maintenance is worth. */
export function CodePage() {
  const words = useText(text);
  const { asked, again } = useAnswer(account.me);
  const me = asked.status === 'answered' ? asked.value.signedIn : null;
  const place = useHashPlace(placeOf);
  const parts = partsFor(me?.role ?? null);
  const part = parts.includes(place.part) ? place.part : parts[0];
  // What somebody has no business in is not shown; that they come in time is found out first.
  const isKnown = asked.status === 'answered' || part === place.part;
  return (
    <PageFrame
      title={words.title}
      lede={words.lede}
      home={words.home}
      className="books studio code-page"
      nav={
        <nav aria-label={words.parts} className="books-nav">
          <ul>
            {parts.map((each) => (
              <li key={each}>
                <a href={`#${each}`} aria-current={part === each ? 'page' : undefined}>
                  {words.places[each]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      }
    >
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {isKnown ? <Shown place={part === place.part ? place : FIRST} me={me} /> : null}
      {asked.status === 'answered' && me === null && (
        <p>
          {words.signIn} <a href="/account/">{words.account}</a>
        </p>
      )}
    </PageFrame>
  );
}

const FIRST: Place = { part: 'repositories', slug: null };

function Shown({ place: { part, slug }, me }: { readonly place: Place; readonly me: Me | null }) {
  const words = useText(text);
  const canDecide = me?.role === 'curator';
  const readsAll = canDecide || me?.role === 'operator' || me?.role === 'auditor';
  return (
    <section aria-label={words.places[part]}>
      {part === 'repositories' &&
        (slug === null ? <RepositoriesView /> : <RepositoryView key={slug} slug={slug} />)}
      {part === 'claims' && <ClaimsView />}
      {part === 'bounties' && <OwnBountiesView />}
      {part === 'bounties' && readsAll && (
        <div className="curate">
          <BountiesView canDecide={canDecide} />
        </div>
      )}
      {part === 'filing' && <FilingView canAct={me?.role === 'operator'} />}
    </section>
  );
}
