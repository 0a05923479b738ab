import type { Connection } from './api/live-reducer.ts';
import type { StudioState } from './api/state.ts';
import { apiText } from './api/text.ts';
import { useLiveState } from './api/use-live-state.ts';
import { BooksSection } from './books/books-section.tsx';
import { EarningsSection } from './earnings/earnings-section.tsx';
import { EpochSection } from './epoch/epoch-section.tsx';
import { EveningSection } from './evening/evening-section.tsx';
import { useText } from './language/use-text.ts';
import { Complaint } from './look/complaint.tsx';
import { Nav } from './look/nav.tsx';
import { PageTop } from './look/page-top.tsx';
import { MachinesSection } from './machines/machines-section.tsx';
import { RoomSection } from './room/room-section.tsx';
import { TakesSection } from './takes/takes-section.tsx';
import { text } from './text/text.ts';

export function App() {
  const words = useText(text).app;
  const asked = useText(apiText);
  const { connection, state, complaint } = useLiveState();
  return (
    <>
      <PageTop>
        <Line connection={connection} />
      </PageTop>
      {state !== null && <Nav />}
      <main id="main" tabIndex={-1}>
        {complaint !== null && <Complaint message={asked.versionsDiffer(complaint)} />}
        {state === null ? <Opening /> : <Sections state={state} />}
      </main>
      <footer>
        <p>{words.footer}</p>
        <p>
          <a href="/account/">{words.account}</a> · <a href="/wallet/">{words.wallet}</a> ·{' '}
          <a href="/books/">{words.books}</a> · <a href="/code/">{words.code}</a> ·{' '}
          <a href="/network/">{words.network}</a> · <a href="/docs/">{words.docs}</a> ·{' '}
          <a href="/status/">{words.status}</a> · <a href="/node/">{words.node}</a> ·{' '}
          <a href="/reports/">{words.reports}</a>
        </p>
        {state !== null && <p>{words.version(state.version)}</p>}
      </footer>
    </>
  );
}

function Line({ connection }: { readonly connection: Connection }) {
  const words = useText(text).app;
  return (
    <p className={`line line-${connection}`} role="status">
      {words.connection[connection]}
    </p>
  );
}

function Opening() {
  const words = useText(text).app;
  return (
    <section className="opening">
      <h2>{words.opening.title}</h2>
      <p>{words.opening.text}</p>
    </section>
  );
}

function Sections({ state }: { readonly state: StudioState }) {
  return (
    <>
      <EveningSection evening={state.evening} />
      <RoomSection peers={state.peers} />
      <TakesSection takes={state.takes} />
      <MachinesSection nodes={state.nodes} tasks={state.tasks} groove={state.groove} />
      <EarningsSection
        contributions={state.contributions}
        counts={state.contributionCounts}
        votes={state.votes}
      />
      <EpochSection epoch={state.epoch} />
      <BooksSection ledger={state.ledger} audit={state.audit} />
    </>
  );
}
