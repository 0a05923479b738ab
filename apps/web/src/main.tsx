import './look/tokens.css';
import './look/page.css';
import './look/parts.css';
import { present } from '@jamnet/base';
import { lazy, StrictMode, Suspense, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { offerLanguages } from './language/language.ts';
import { invitationOf } from './live-room/invitation-link.ts';

/** Loaded behind a room link only: the first view stays small. */
const RoomPage = lazy(async () => ({ default: (await import('./live-room/room-page.tsx')).RoomPage }));

function Root() {
  const invitation = useSyncExternalStore(watchAddress, () => invitationOf(location.hash));
  return invitation === null ? (
    <App />
  ) : (
    <Suspense>
      <RoomPage key={invitation} invitation={invitation} />
    </Suspense>
  );
}

function watchAddress(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of index.html')).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
