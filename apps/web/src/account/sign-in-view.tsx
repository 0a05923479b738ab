import { type FormEvent, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { TextField } from '../look/text-field.tsx';
import { account } from './account-api.ts';
import { signInByPasskey } from './passkey.ts';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

export function SignInView({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const words = useText(accountText).signIn;
  const { isBusy, complaint, act } = useAct();
  const [code, setCode] = useState('');
  const enter = async (way: Promise<{ readonly ok: boolean; readonly message?: string }>) => {
    if (await act(way)) await onSignedIn();
  };
  const submitCode = (event: FormEvent): void => {
    event.preventDefault();
    void enter(account.signInByCode(code));
  };
  return (
    <section className="account-part">
      <h2>{words.title}</h2>
      <p className="lede">{words.lede}</p>
      <p>
        <button type="button" className="primary" disabled={isBusy} onClick={() => enter(signInByPasskey())}>
          {isBusy ? words.signing : words.passkey}
        </button>
      </p>
      {complaint !== null && <Complaint message={complaint} />}
      <details className="account-lost">
        <summary>{words.lost}</summary>
        <form className="account-form" onSubmit={submitCode}>
          <TextField
            name="code"
            label={words.code}
            hint={words.codeHint}
            value={code}
            onText={setCode}
            maxLength={64}
            autoComplete="one-time-code"
            spellCheck={false}
          />
          <button type="submit" disabled={isBusy}>
            {words.useCode}
          </button>
        </form>
      </details>
    </section>
  );
}
