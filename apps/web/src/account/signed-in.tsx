import type { ReactNode } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { account, type Me } from './account-api.ts';
import { SignInView } from './sign-in-view.tsx';
import { accountText } from './text.ts';

/** What is shown to who has signed in; to everybody else the way in, on the very page that they wanted. */
export function SignedIn({ children }: { readonly children: (me: Me) => ReactNode }) {
  const words = useText(accountText);
  const { asked, again } = useAnswer(account.me);
  switch (asked.status) {
    case 'asking':
      return <p role="status">{words.looking}</p>;
    case 'refused':
      return <Complaint message={asked.message} again={again} />;
    case 'answered': {
      const me = asked.value.signedIn;
      return me === null ? <SignInView onSignedIn={async () => again()} /> : children(me);
    }
  }
}
