import { type FormEvent, useState } from 'react';
import { Complaint } from '../look/complaint.tsx';
import { account } from './account-api.ts';
import { signInByPasskey } from './passkey.ts';
import { accountText } from './text.ts';

const words = accountText.signIn;

export function SignInView({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const [code, setCode] = useState('');
  const enter = async (way: () => Promise<{ readonly ok: boolean; readonly message?: string }>) => {
    setBusy(true);
    setComplaint(null);
    const done = await way();
    setBusy(false);
    if (done.ok) await onSignedIn();
    else setComplaint(done.message ?? null);
  };
  const submitCode = (event: FormEvent): void => {
    event.preventDefault();
    void enter(() => account.signInByCode(code));
  };
  return (
    <section className="account-part">
      <h2>{words.title}</h2>
      <p className="lede">{words.lede}</p>
      <p>
        <button type="button" className="primary" disabled={isBusy} onClick={() => enter(signInByPasskey)}>
          {isBusy ? words.signing : words.passkey}
        </button>
      </p>
      {complaint !== null && <Complaint message={complaint} />}
      <details className="account-lost">
        <summary>{words.lost}</summary>
        <form className="account-form" onSubmit={submitCode}>
          <label className="field">
            <span>{words.code}</span>
            <input
              name="code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              required
              maxLength={64}
              autoComplete="one-time-code"
              spellCheck={false}
            />
            <small className="quiet">{words.codeHint}</small>
          </label>
          <button type="submit" disabled={isBusy}>
            {words.useCode}
          </button>
        </form>
      </details>
    </section>
  );
}
