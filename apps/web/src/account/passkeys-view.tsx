import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Confirm } from '../look/confirm.tsx';
import { account, type Passkey } from './account-api.ts';
import { makePasskey, newPasskeyName } from './passkey.ts';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

export function PasskeysView() {
  const words = useText(accountText).passkeys;
  const { asked, again } = useAnswer(account.passkeys);
  const { complaint, act } = useAct();
  const change: PasskeyRowProps['change'] = (begun) => void act(begun).then(again);
  return (
    <section className="account-part" aria-labelledby="passkeys">
      <h3 id="passkeys">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} change={change} />
          ))}
        </ul>
      )}
      <p>
        <button type="button" onClick={() => change(makePasskey(null, newPasskeyName()))}>
          {words.add}
        </button>
      </p>
      {complaint !== null && <Complaint message={complaint} />}
    </section>
  );
}

interface PasskeyRowProps {
  readonly passkey: Passkey;
  readonly change: (begun: Promise<{ readonly ok: boolean; readonly message?: string }>) => void;
}

function PasskeyRow({ passkey, change }: PasskeyRowProps) {
  const format = useFormats();
  const words = useText(accountText).passkeys;
  const [isAsking, setAsking] = useState(false);
  const name = passkey.name ?? words.unnamed;
  const rename = (): void => {
    const chosen = prompt(words.newNamePrompt, name)?.trim();
    if (chosen) change(account.namePasskey(passkey.id, chosen));
  };
  return (
    <li>
      <div className="row-head">
        <span>
          <b translate="no">{name}</b>
          {passkey.createdAt !== null && (
            <span className="quiet"> {words.since(format.day(Date.parse(passkey.createdAt)))}</span>
          )}
        </span>
        <span className="row-acts">
          <button type="button" className="plain" aria-label={`${words.rename}: ${name}`} onClick={rename}>
            {words.rename}
          </button>
          <button
            type="button"
            className="plain"
            aria-label={`${words.remove}: ${name}`}
            onClick={() => setAsking(true)}
          >
            {words.remove}
          </button>
        </span>
      </div>
      {isAsking && (
        <Confirm
          title={words.sure}
          totals={[[words.passkey, name]]}
          act={words.remove}
          isBusy={false}
          onAct={() => {
            setAsking(false);
            change(account.removePasskey(passkey.id));
          }}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
      <p className="quiet">{passkey.backedUp ? words.synced : words.bound}</p>
    </li>
  );
}
