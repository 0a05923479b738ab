import { useEffect, useState, useSyncExternalStore } from 'react';
import { useText } from '../language/use-text.ts';
import { HomeLine, PageTop } from '../look/page-top.tsx';
import { InsideView } from './inside-view.tsx';
import { JoinForm } from './join-form.tsx';
import './live-room.css';
import { TakeShelf } from './recording/recordings-view.tsx';
import { RefusalWords } from './refusals/refusal-words.tsx';
import { refusalText } from './refusals/text.ts';
import { lookAt, RoomRefusal } from './room-api.ts';
import { RoomClient, type RoomState } from './room-client.ts';
import { roomText } from './text.ts';

type Look = { readonly room: string } | { readonly code: string; readonly message: string } | null;

/** The page behind a room link. */
export function RoomPage({ invitation }: { readonly invitation: string }) {
  const words = useText(roomText);
  const look = useLook(invitation);
  return (
    <>
      <PageTop>
        <HomeLine>{words.home}</HomeLine>
      </PageTop>
      <main id="main" tabIndex={-1} className="live-room">
        {look === null ? (
          <p role="status">{words.looking}</p>
        ) : 'room' in look ? (
          <Room invitation={invitation} room={look.room} />
        ) : (
          <section className="room-over" role="alert">
            <h2>{words.badLink}</h2>
            <p>
              <Refused {...look} />
            </p>
          </section>
        )}
      </main>
    </>
  );
}

function Room({ invitation, room }: { readonly invitation: string; readonly room: string }) {
  const words = useText(roomText);
  const [client] = useState(() => new RoomClient());
  const state = useSyncExternalStore(client.watch, () => client.state);
  useEffect(() => () => client.leave(), [client]);
  useEffect(() => {
    document.title = `${words.title(room)} · JAMNet`;
  }, [words, room]);
  return (
    <>
      <h2>{words.title(room)}</h2>
      <p className="lede">{words.lede}</p>
      {state.phase === 'over' && (
        <p
          className={`room-over${state.code === 'left' ? ' room-left' : ''}`}
          role={state.code === 'left' ? 'status' : 'alert'}
        >
          <Refused code={overCode(state)} message={state.message} />
        </p>
      )}
      {state.phase === 'over' && overCode(state) === 'players-full' && (
        <p>
          <button type="button" className="primary" onClick={() => void client.listen()}>
            {words.form.listenInstead}
          </button>
        </p>
      )}
      {state.phase === 'inside' ? (
        <InsideView client={client} state={state} />
      ) : (
        <JoinForm client={client} state={state} invitation={invitation} room={room} />
      )}
      <TakeShelf recordings={client.recordings} state={state.recordings} />
    </>
  );
}

/** The relay has one code for both kinds of seat. */
function overCode({ code, listens }: RoomState): string {
  return code === 'room-full' ? (listens ? 'listeners-full' : 'players-full') : code;
}

function Refused({ code, message }: { readonly code: string; readonly message: string }) {
  return <RefusalWords code={code} message={message} {...useText(refusalText)} />;
}

function useLook(invitation: string): Look {
  const [look, setLook] = useState<Look>(null);
  useEffect(() => {
    let isGone = false;
    lookAt(invitation).then(
      ({ room }) => {
        if (!isGone) setLook({ room });
      },
      (error: unknown) => {
        const refusal = error instanceof RoomRefusal ? error : new RoomRefusal('page-outdated', '');
        if (!isGone) setLook({ code: refusal.code, message: refusal.message });
      },
    );
    return () => {
      isGone = true;
    };
  }, [invitation]);
  return look;
}
