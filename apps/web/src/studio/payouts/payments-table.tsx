import { useCallback, useState } from 'react';
import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { BankFile } from './bank-file.tsx';
import { PAYOUT_STATES, type Payout, type PayoutState, payouts } from './payouts-api.ts';
import { payoutsText } from './text.ts';

/** Payments with where they are, the newest first; returned ones say why. Another `version` asks anew. */
export function PaymentsTable({ version, canAct }: { readonly version: number; readonly canAct: boolean }) {
  const words = useText(payoutsText);
  const [state, setState] = useState<PayoutState | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version asks anew.
  const load = useCallback((after: string | null) => payouts.page(state, after), [state, version]);
  const pages = usePages(load);
  return (
    <div className="studio-card" data-part="payments">
      <h3>{words.payments}</h3>
      <SelectField
        name="state"
        label={words.state}
        value={state ?? ''}
        choices={[['', words.all], ...PAYOUT_STATES.map((each) => [each, words.states[each]] as const)]}
        onText={(chosen) => setState(PAYOUT_STATES.find((each) => each === chosen) ?? null)}
      />
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {pages.rows.map((payment) => (
          <PaymentRow key={payment.id} payment={payment} canAct={canAct} />
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}

function PaymentRow({ payment, canAct }: { readonly payment: Payout; readonly canAct: boolean }) {
  const words = useText(payoutsText);
  const format = useFormats();
  return (
    <li data-payment={payment.state}>
      <div className="row-head">
        <span>
          <span className="tape">{words.states[payment.state]}</span> {payment.rail}
        </span>
        <span className="figure">{format.dollars(payment.usdCents)}</span>
      </div>
      <p className="hash">{payment.payee}</p>
      {payment.reason !== null && <p className="quiet">{payment.reason}</p>}
      {canAct && payment.state === 'submitted' && payment.rail !== 'stripe' && payment.batchId !== null && (
        <BankFile batchId={payment.batchId} />
      )}
    </li>
  );
}
