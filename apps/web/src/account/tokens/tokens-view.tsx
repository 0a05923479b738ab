import { type FormEvent, useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useAct } from '../use-act.ts';
import { ScopeFields } from './scope-fields.tsx';
import { tokensText } from './text.ts';
import { type ApiToken, tokens } from './tokens-api.ts';

const LIVES_DAYS = [7, 30, 90, 365];

/** Tokens of one's own: made, seen with their last use, ended. */
export function TokensView() {
  const words = useText(tokensText);
  const { asked, again } = useAnswer(tokens.list);
  const [secret, setSecret] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const revoke = async (id: string): Promise<void> => {
    if (await act(tokens.revoke(id))) again();
  };
  return (
    <section className="account-part" aria-labelledby="tokens">
      <h3 id="tokens">{words.title}</h3>
      <p className="quiet">
        {words.lede} <a href="/api/docs">{words.api}</a>
      </p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {secret !== null && (
        <div className="codes" role="status">
          <p>{words.secret}</p>
          <p>
            <code>{secret}</code>
          </p>
        </div>
      )}
      {complaint !== null && <Complaint message={complaint} />}
      {asked.status === 'answered' && (
        <>
          {asked.value.tokens.length === 0 && <p className="quiet">{words.none}</p>}
          <ul className="rows">
            {asked.value.tokens.map((token) => (
              <TokenRow key={token.id} token={token} isBusy={isBusy} onRevoke={() => void revoke(token.id)} />
            ))}
          </ul>
          <TokenForm
            scopes={asked.value.scopes}
            onMade={(made) => {
              setSecret(made);
              again();
            }}
          />
        </>
      )}
    </section>
  );
}

interface TokenRowProps {
  readonly token: ApiToken;
  readonly isBusy: boolean;
  readonly onRevoke: () => void;
}

function TokenRow({ token: { name, scopes, expiresAtUs, lastUsedAtUs }, isBusy, onRevoke }: TokenRowProps) {
  const words = useText(tokensText);
  const format = useFormats();
  const [isAsking, setAsking] = useState(false);
  const used =
    lastUsedAtUs === null ? words.neverUsed : words.usedAt(format.moment(Number(lastUsedAtUs) / 1000));
  return (
    <li className="row-head">
      <span>
        <b translate="no">{name}</b>{' '}
        <span className="quiet">
          {words.until(format.day(Number(expiresAtUs) / 1000))}, {used}: {scopes.join(', ')}
        </span>
      </span>
      <button type="button" disabled={isBusy} onClick={() => setAsking(true)}>
        {words.revoke(name)}
      </button>
      {isAsking && (
        <Confirm
          title={words.sure}
          totals={[
            [words.name, name],
            [words.scopes, scopes.join(', ')],
          ]}
          act={words.revoke(name)}
          isBusy={isBusy}
          onAct={() => {
            setAsking(false);
            onRevoke();
          }}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </li>
  );
}

function TokenForm({
  scopes,
  onMade,
}: {
  readonly scopes: readonly string[];
  readonly onMade: (secret: string) => void;
}) {
  const words = useText(tokensText);
  const [name, setName] = useState('');
  const [days, setDays] = useState(30);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { isBusy, complaint, act } = useAct();
  const make = async (): Promise<{ readonly ok: boolean; readonly message?: string }> => {
    const made = await tokens.make({ name, scopes: [...chosen], days });
    if (made.ok) {
      onMade(made.value.secret);
      setName('');
    }
    return made;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void act(make());
  };
  return (
    <form onSubmit={submit} className="account-form">
      <TextField
        name="token"
        label={words.name}
        hint={words.nameHint}
        value={name}
        onText={setName}
        maxLength={64}
        autoComplete="off"
      />
      <label className="field">
        <span>{words.days}</span>
        <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {LIVES_DAYS.map((each) => (
            <option key={each} value={each}>
              {words.daysOf(each)}
            </option>
          ))}
        </select>
      </label>
      <ScopeFields all={scopes} chosen={chosen} onChosen={setChosen} />
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" className="primary" disabled={isBusy || chosen.size === 0}>
        {words.make}
      </button>
    </form>
  );
}
