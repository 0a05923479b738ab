import { useCallback, useEffect, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { HomeLine, PageTop } from '../look/page-top.tsx';
import { account, type Me } from './account-api.ts';
import { eraseText } from './erase-text.ts';
import { EraseView } from './erase-view.tsx';
import { IdentitiesView } from './identities-view.tsx';
import { JoinView } from './join-view.tsx';
import { MembersView } from './members-view.tsx';
import { OwnPlaces } from './own-places.tsx';
import { PasskeysView } from './passkeys-view.tsx';
import { RecoveryView } from './recovery-view.tsx';
import { RoomsView } from './rooms-view.tsx';
import { SessionsView } from './sessions-view.tsx';
import { SignInView } from './sign-in-view.tsx';
import { accountText } from './text.ts';
import { TokensView } from './tokens/tokens-view.tsx';

type Who = 'unknown' | { readonly complaint: string } | { readonly me: Me | null };

/** Joining by a link, signing in, and everything of one's own account. */
export function AccountPage() {
  const words = useText(accountText);
  const [who, setWho] = useState<Who>('unknown');
  const [invitation, setInvitation] = useState(() => invitationOf(location.hash));
  const look = useCallback(async () => {
    const answer = await account.me();
    setWho(answer.ok ? { me: answer.value.signedIn } : { complaint: answer.message });
  }, []);
  useEffect(() => void look(), [look]);
  useEffect(() => {
    document.title = `JAMNet: ${words.title}`;
  }, [words]);
  const [isErased, setErased] = useState(false);
  const { gone } = useText(eraseText);
  const joined = (): void => {
    // A used link has no place in the history.
    history.replaceState(null, '', location.pathname);
    setInvitation(null);
    void look();
  };
  return (
    <>
      <PageTop>
        <HomeLine>{words.home}</HomeLine>
      </PageTop>
      <main id="main" tabIndex={-1} className="account">
        {isErased ? (
          <p role="status">{gone}</p>
        ) : who === 'unknown' ? (
          <p role="status">{words.looking}</p>
        ) : 'complaint' in who ? (
          <Complaint message={who.complaint} again={look} />
        ) : invitation !== null ? (
          <JoinView invitation={invitation} onJoined={joined} />
        ) : who.me === null ? (
          <SignInView onSignedIn={look} />
        ) : (
          <Inside me={who.me} look={look} onErased={() => setErased(true)} />
        )}
      </main>
    </>
  );
}

interface InsideProps {
  readonly me: Me;
  readonly look: () => Promise<void>;
  readonly onErased: () => void;
}

function Inside({ me, look, onErased }: InsideProps) {
  const words = useText(accountText);
  const signOut = async (): Promise<void> => {
    await account.signOut();
    await look();
  };
  return (
    <>
      <OwnPlaces here="account" />
      <header className="account-head">
        <h2 translate="no">{me.name}</h2>
        <p className="lede">
          {words.who(words.roles[me.role])}: {words.roleHints[me.role]}
        </p>
        {me.role === 'curator' && (
          <p>
            <a href="/curate/">{words.curate}</a>
          </p>
        )}
        {(me.role === 'operator' || me.role === 'auditor') && (
          <p>
            <a href="/studio/">{words.studio}</a>
          </p>
        )}
        <button type="button" onClick={signOut}>
          {words.signOut}
        </button>
      </header>
      <RoomsView />
      <PasskeysView />
      <RecoveryView left={me.recoveryCodesLeft} look={look} />
      <SessionsView />
      <IdentitiesView />
      <TokensView />
      {me.role === 'operator' && <MembersView me={me} />}
      <EraseView name={me.name} onErased={onErased} />
    </>
  );
}

/** The secret of a link to an account, from the address behind #. */
function invitationOf(hash: string): string | null {
  return /^#join=([\w-]{20,64})$/.exec(hash)?.[1] ?? null;
}
