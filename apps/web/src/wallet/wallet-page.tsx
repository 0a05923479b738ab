import { OwnPlaces } from '../account/own-places.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { useText } from '../language/use-text.ts';
import { PageFrame } from '../look/page-frame.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { BalanceView } from './balance-view.tsx';
import { LinesView } from './lines-view.tsx';
import { pageText } from './page-text.ts';
import { PayeeView } from './payee-view.tsx';
import { PaymentsView } from './payments-view.tsx';
import { PARTS, type Part, placeOf } from './place.ts';
import { PricesView } from './prices-view.tsx';

/** What the account has earned, why, and the way to money. */
export function WalletPage() {
  const words = useText(pageText);
  const part = useHashPlace(placeOf);
  const nav = (
    <nav aria-label={words.parts} className="books-nav">
      <ul>
        {PARTS.map((each) => (
          <li key={each}>
            <a href={`#${each}`} aria-current={part === each ? 'page' : undefined}>
              {words.places[each]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
  return (
    <PageFrame title={words.title} lede={words.lede} home={words.home} className="books wallet" nav={nav}>
      <SignedIn>
        {() => (
          <>
            <OwnPlaces here="wallet" />
            <section className="account-part" aria-label={words.places[part]}>
              <Shown part={part} />
            </section>
          </>
        )}
      </SignedIn>
    </PageFrame>
  );
}

function Shown({ part }: { readonly part: Part }) {
  switch (part) {
    case 'balance':
      return <BalanceView />;
    case 'earned':
      return <LinesView />;
    case 'payments':
      return (
        <>
          <PaymentsView />
          <PayeeView />
        </>
      );
    case 'price':
      return <PricesView />;
  }
}
