import { useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Outcome } from '../look/outcome.tsx';
import { saveFile } from '../look/save-file.ts';
import { dayOf } from './day-of.ts';
import { PayeeForm } from './payee-form.tsx';
import { walletText } from './text.ts';
import { money, type OwnPayee } from './wallet-api.ts';

/** The member's own payee file: what is in the way of payments, and the form that takes it out of the way. */
export function PayeeView() {
  const words = useText(walletText).payee;
  const { asked, again } = useAnswer(money.payee);
  const [isHanded, setHanded] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const save = async (): Promise<void> => {
    const begun = money.exportPayee();
    if (!(await act(begun))) return;
    const kept = await begun;
    if (kept.ok)
      saveFile(new Blob([JSON.stringify(kept.value, null, 2)], { type: 'application/json' }), words.file);
  };
  return (
    <div data-part="payee">
      <h3>{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && <Inside payee={asked.value} />}
      <details>
        <summary>{words.open}</summary>
        <PayeeForm
          onHanded={() => {
            setHanded(true);
            again();
          }}
        />
      </details>
      {isHanded && <Outcome complaint={null} said={words.handed} />}
      <p>
        <button type="button" disabled={isBusy} onClick={() => void save()}>
          {words.save}
        </button>
      </p>
      <Outcome complaint={complaint} />
      <p className="quiet">{words.erase}</p>
    </div>
  );
}

function Inside({ payee }: { readonly payee: OwnPayee }) {
  const words = useText(walletText).payee;
  const format = useFormats();
  const { account, code, checks, holds, restsUntilUs } = payee;
  return (
    <>
      <p translate={account === null ? undefined : 'no'}>
        {account === null
          ? words.none
          : words.account(words.accounts[account.kind], account.name, account.ending)}
      </p>
      <p data-code={code ?? 'none'}>
        <b>{code === null ? words.ready : (words.codes[code] ?? words.otherwise)}</b>
      </p>
      {holds.map(({ reason, sinceUs }) => (
        <p key={sinceUs + reason}>{words.hold(reason, dayOf(format, sinceUs))}</p>
      ))}
      {restsUntilUs !== null && (
        <p className="quiet">{words.rests(format.moment(Number(BigInt(restsUntilUs) / 1000n)))}</p>
      )}
      <dl className="facts">
        {checks.map(({ check, state, atUs }) => (
          <div key={check} data-check={check}>
            <dt>{words.checks[check]}</dt>
            <dd>
              {check === 'sanctions' && state === 'missing' ? words.notYet : words.states[state]}
              {atUs !== '0' && <span className="quiet"> {words.since(dayOf(format, atUs))}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
