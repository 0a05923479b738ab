import { type FormEvent, useState } from 'react';
import { Complaint } from '../look/complaint.tsx';
import { account } from './account-api.ts';
import { makePasskey, newPasskeyName } from './passkey.ts';
import { accountText } from './text.ts';

const words = accountText.join;

/** The way from a link to an account: a name, a passkey, in. */
export function JoinView({
  invitation,
  onJoined,
}: {
  readonly invitation: string;
  readonly onJoined: () => void;
}) {
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const join = async (): Promise<void> => {
    const named = await account.name(invitation, name);
    const done = named.ok ? await makePasskey(invitation, newPasskeyName()) : named;
    if (done.ok) onJoined();
    else setComplaint(done.message);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setComplaint(null);
    void join().finally(() => setBusy(false));
  };
  return (
    <section className="account-part">
      <h2>{words.title}</h2>
      <p className="lede">{words.lede}</p>
      <form className="account-form" onSubmit={submit}>
        <label className="field">
          <span>{words.name}</span>
          <input
            name="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={64}
            autoComplete="name"
          />
          <small className="quiet">{words.nameHint}</small>
        </label>
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? words.making : words.make}
        </button>
      </form>
      {complaint !== null && <Complaint message={complaint} />}
    </section>
  );
}
