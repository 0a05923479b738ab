import { type FormEvent, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { TextField } from '../look/text-field.tsx';
import { account } from './account-api.ts';
import { makePasskey, newPasskeyName } from './passkey.ts';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

/** The way from a link to an account: a name, a passkey, in. */
export function JoinView({
  invitation,
  onJoined,
}: {
  readonly invitation: string;
  readonly onJoined: () => void;
}) {
  const words = useText(accountText).join;
  const [name, setName] = useState('');
  const { isBusy, complaint, act } = useAct();
  const join = async () => {
    const named = await account.name(invitation, name);
    return named.ok ? makePasskey(invitation, newPasskeyName()) : named;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void act(join()).then((isIn) => isIn && onJoined());
  };
  return (
    <section className="account-part">
      <h2>{words.title}</h2>
      <p className="lede">{words.lede}</p>
      <form className="account-form" onSubmit={submit}>
        <TextField
          name="name"
          label={words.name}
          hint={words.nameHint}
          value={name}
          onText={setName}
          maxLength={64}
          autoComplete="name"
        />
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? words.making : words.make}
        </button>
      </form>
      {complaint !== null && <Complaint message={complaint} />}
    </section>
  );
}
