import { lazy, Suspense } from 'react';
import type { StudioState } from '../api/state.ts';
import { apiText } from '../api/text.ts';
import { useLiveState } from '../api/use-live-state.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { PageFrame } from '../look/page-frame.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { AccountView } from './accounts/account-view.tsx';
import { AccountsView } from './accounts/accounts-view.tsx';
import { AuditView } from './audit-view.tsx';
import { EntriesView } from './entries-view.tsx';
import { EpochView } from './epochs/epoch-view.tsx';
import { EpochsView } from './epochs/epochs-view.tsx';
import { FilesView } from './files-view.tsx';
import { addressOf, PARTS, type Place, placeOf } from './place.ts';
import { text } from './text.ts';

// With the schema of the rules, which only this part needs.
const PoliciesView = lazy(async () => ({ default: (await import('./policies-view.tsx')).PoliciesView }));

/** The public books for anybody: epochs, accounts, the ledger, the rules, the files, the audit. */
export function BooksPage() {
  const words = useText(text);
  const asked = useText(apiText);
  const place = useHashPlace(placeOf);
  const { state, complaint } = useLiveState();
  const nav = (
    <nav aria-label={words.parts} className="books-nav">
      <ul>
        {PARTS.map((part) => (
          <li key={part}>
            <a href={addressOf(part)} aria-current={place.part === part ? 'page' : undefined}>
              {words.places[part]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
  return (
    <PageFrame title={words.title} lede={words.pageLede} home={words.home} className="books" nav={nav}>
      {complaint !== null && <Complaint message={asked.versionsDiffer(complaint)} />}
      <section aria-label={words.places[place.part]}>
        <Shown place={place} state={state} />
      </section>
    </PageFrame>
  );
}

function Shown({
  place: { part, name },
  state,
}: {
  readonly place: Place;
  readonly state: StudioState | null;
}) {
  const words = useText(text);
  switch (part) {
    case 'epochs':
      return name === null ? <EpochsView /> : <EpochView key={name} id={name} />;
    case 'accounts':
      return name === null ? <AccountsView /> : <AccountView key={name} code={name} />;
    case 'policies':
      return (
        <Suspense fallback={<p role="status">{words.asking}</p>}>
          <PoliciesView />
        </Suspense>
      );
    case 'files':
      return <FilesView />;
    case 'entries':
      return state === null ? (
        <p role="status">{words.asking}</p>
      ) : (
        <EntriesView ledger={state.ledger} asked={name} />
      );
    case 'audit':
      return state === null ? <p role="status">{words.asking}</p> : <AuditView audit={state.audit} />;
  }
}
