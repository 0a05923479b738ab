import { useEffect } from 'react';
import { account, type Me } from '../account/account-api.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { HomeLine, PageTop } from '../look/page-top.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { ActsView } from './acts/acts-view.tsx';
import { CapTableView } from './cap-table/cap-table-view.tsx';
import { EpochsView } from './epochs/epochs-view.tsx';
import { HardwareView } from './hardware/hardware-view.tsx';
import { NodesView } from './nodes/nodes-view.tsx';
import { PayeesView } from './payees/payees-view.tsx';
import { PayoutsView } from './payouts/payouts-view.tsx';
import { PerksView } from './perks/perks-view.tsx';
import { OPERATOR_ONLY, PARTS, type Part, partOf } from './place.ts';
import { PolicyView } from './policy/policy-view.tsx';
import { RevenueView } from './revenue/revenue-view.tsx';
import { text } from './text.ts';
import { ValuationsView } from './valuations/valuations-view.tsx';

/** The operator's work, part by part; auditors read along. */
export function StudioPage() {
  const words = useText(text);
  const { asked, again } = useAnswer(account.me);
  useEffect(() => {
    document.title = `JAMNet: ${words.title}`;
  }, [words]);
  const me = asked.status === 'answered' ? asked.value.signedIn : null;
  const isIn = me?.role === 'operator' || me?.role === 'auditor';
  return (
    <>
      <PageTop>
        <HomeLine>{words.home}</HomeLine>
      </PageTop>
      {isIn && <Inside canAct={me.role === 'operator'} />}
      {!isIn && (
        <main id="main" tabIndex={-1} className="books studio">
          <header>
            <h2>{words.title}</h2>
            <p className="lede">{words.lede}</p>
          </header>
          {asked.status === 'asking' && <p role="status">{words.looking}</p>}
          {asked.status === 'refused' && <Complaint message={words.unreachable} again={again} />}
          {asked.status === 'answered' && <Outside me={me} />}
        </main>
      )}
    </>
  );
}

function Outside({ me }: { readonly me: Me | null }) {
  const words = useText(text);
  return (
    <>
      <p>{me === null ? words.signIn : words.notOperator(me.name)}</p>
      <p>
        <a href="/account/">{words.account}</a>
      </p>
    </>
  );
}

function Inside({ canAct }: { readonly canAct: boolean }) {
  const words = useText(text);
  const part = useHashPlace(partOf);
  const parts = PARTS.filter((each) => canAct || !OPERATOR_ONLY.has(each));
  const shown = parts.includes(part) ? part : PARTS[0];
  return (
    <>
      <nav aria-label={words.parts} className="books-nav">
        <ul>
          {parts.map((each) => (
            <li key={each}>
              <a href={`#${each}`} aria-current={shown === each ? 'page' : undefined}>
                {words.places[each]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1} className="books studio">
        <header>
          <h2>{words.title}</h2>
          <p className="lede">{canAct ? words.lede : words.reads}</p>
        </header>
        <section aria-label={words.places[shown]}>
          <Shown part={shown} canAct={canAct} />
        </section>
      </main>
    </>
  );
}

function Shown({ part, canAct }: { readonly part: Part; readonly canAct: boolean }) {
  switch (part) {
    case 'epochs':
      return <EpochsView canAct={canAct} />;
    case 'revenue':
      return <RevenueView canAct={canAct} />;
    case 'valuations':
      return <ValuationsView canAct={canAct} />;
    case 'policy':
      return <PolicyView canAct={canAct} />;
    case 'payouts':
      return <PayoutsView canAct={canAct} />;
    case 'payees':
      return <PayeesView />;
    case 'perks':
      return <PerksView canAct={canAct} />;
    case 'hardware':
      return <HardwareView canAct={canAct} />;
    case 'cap-table':
      return <CapTableView />;
    case 'nodes':
      return <NodesView canAct={canAct} />;
    case 'acts':
      return <ActsView />;
  }
}
