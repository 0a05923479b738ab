import type { Result } from '@jamnet/base';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { FileField } from '../../look/file-field.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { BankFile } from './bank-file.tsx';
import { PaymentsTable } from './payments-table.tsx';
import { payouts, type SentBatch } from './payouts-api.ts';
import { PlanView } from './plan-view.tsx';
import { payoutsText } from './text.ts';

/** Redemptions priced, payments planned and sent, the bank's answers read. */
export function PayoutsView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(payoutsText);
  const format = useFormats();
  const plan = useAnswer(payouts.plan);
  const [version, setVersion] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [batches, setBatches] = useState<readonly SentBatch[]>([]);
  const { isBusy, complaint, act } = useAct();
  const done = async <T,>(begun: Promise<Result<T>>, tell: (value: T) => void): Promise<void> => {
    setSaid(null);
    await act(begun);
    const answer = await begun;
    if (answer.ok) tell(answer.value);
    plan.again();
    setVersion((number) => number + 1);
  };
  const planned = plan.asked.status === 'answered' ? plan.asked.value : null;
  return (
    <>
      <p className="lede">{words.lede}</p>
      {canAct && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() =>
            void done(payouts.price(), ({ paidCents, redeemedMicroJam }) =>
              setSaid(words.priced(format.dollars(paidCents), format.jam(redeemedMicroJam))),
            )
          }
        >
          {words.price}
        </button>
      )}
      <Outcome complaint={complaint} said={said} />
      {plan.asked.status === 'refused' && <Complaint message={plan.asked.message} again={plan.again} />}
      {planned !== null && <PlanView plan={planned} />}
      {canAct && planned !== null && (
        <button
          type="button"
          className="primary"
          disabled={isBusy || planned.batches.length === 0}
          onClick={() => setAsking(true)}
        >
          {words.send}
        </button>
      )}
      {isAsking && planned !== null && (
        <Confirm
          title={words.sure}
          totals={planned.batches.map(({ rail, currency, payees, amountCents }) => [
            `${rail}, ${words.people}: ${payees}`,
            format.money(amountCents, currency),
          ])}
          act={words.send}
          isBusy={isBusy}
          onAct={() => {
            setAsking(false);
            void done(payouts.send(), (sent) => setBatches(sent.batches));
          }}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
      {batches.map(({ batchId, payouts: payments, totalCents, currency, file }) => (
        <div key={batchId} role="status" className="proof">
          <p>{words.sent(batchId, payments, format.money(totalCents, currency))}</p>
          {file !== null && <BankFile batchId={batchId} place={file} />}
        </div>
      ))}
      {canAct && (
        <FileField
          label={words.answer}
          hint={words.answerHint}
          onFile={(file) =>
            void done(file.text().then(payouts.answer), ({ applied, odd }) =>
              setSaid(words.applied(applied.length, odd.length)),
            )
          }
        />
      )}
      <PaymentsTable version={version} canAct={canAct} />
    </>
  );
}
