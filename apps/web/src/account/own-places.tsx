import { useText } from '../language/use-text.ts';
import { ownPlacesText } from './own-places-text.ts';

const PLACES = [
  ['account', '/account/'],
  ['wallet', '/wallet/'],
  ['machines', '/nodes/'],
] as const;
type OwnPlace = (typeof PLACES)[number][0];

/** The pages that are one's own, and which of them this is. */
export function OwnPlaces({ here }: { readonly here: OwnPlace }) {
  const words = useText(ownPlacesText);
  return (
    <nav aria-label={words.label} className="own-places">
      {PLACES.map(([place, path]) => (
        <a key={place} href={path} aria-current={place === here ? 'page' : undefined}>
          {words[place]}
        </a>
      ))}
    </nav>
  );
}
