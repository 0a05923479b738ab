import { account, type Me } from '../account/account-api.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { PageFrame } from '../look/page-frame.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { FiguresView } from './figures-view.tsx';
import { LicencesView } from './licences-view.tsx';
import { PartnersView } from './partners-view.tsx';
import { PARTS, type Place, placeOf } from './place.ts';
import { ProposalView } from './proposals/proposal-view.tsx';
import { ProposalsView } from './proposals/proposals-view.tsx';
import { text } from './text.ts';

/** The network for anybody: its figures, how its rules come about, with whom and under which licences. */
export function NetworkPage() {
  const words = useText(text);
  const place = useHashPlace(placeOf);
  const { asked } = useAnswer(account.me);
  // Who is not known yet reads as a visitor does.
  const me = asked.status === 'answered' ? asked.value.signedIn : null;
  const nav = (
    <nav aria-label={words.parts} className="books-nav">
      <ul>
        {PARTS.map((part) => (
          <li key={part}>
            <a href={`#${part}`} aria-current={place.part === part ? 'page' : undefined}>
              {words.places[part]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
  return (
    <PageFrame
      title={words.title}
      lede={words.lede}
      home={words.home}
      className="books studio network"
      nav={nav}
    >
      <section aria-label={words.places[place.part]}>
        <Shown place={place} me={me} />
      </section>
    </PageFrame>
  );
}

function Shown({ place: { part, proposal }, me }: { readonly place: Place; readonly me: Me | null }) {
  const canAct = me?.role === 'operator';
  switch (part) {
    case 'figures':
      return <FiguresView />;
    case 'proposals':
      return proposal === null ? (
        <ProposalsView canAct={canAct} />
      ) : (
        <ProposalView key={`${proposal} ${me?.memberId}`} id={proposal} me={me} />
      );
    case 'partners':
      return <PartnersView canAct={canAct} />;
    case 'licences':
      return <LicencesView />;
  }
}
