import { OwnPlaces } from '../account/own-places.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { useText } from '../language/use-text.ts';
import { PageFrame } from '../look/page-frame.tsx';
import { useHashPlace } from '../look/use-hash-place.ts';
import { MachineView } from './machine-view.tsx';
import { MachinesView } from './machines-view.tsx';
import { placeOf } from './place.ts';
import { text } from './text.ts';

/** The machines that work for whoever is signed in. */
export function NodesPage() {
  const words = useText(text);
  const node = useHashPlace(placeOf);
  return (
    <PageFrame title={words.title} lede={words.lede} home={words.home} className="books nodes">
      <SignedIn>
        {() => (
          <>
            <OwnPlaces here="machines" />
            {node === null ? <MachinesView /> : <MachineView key={node} node={node} />}
          </>
        )}
      </SignedIn>
    </PageFrame>
  );
}
