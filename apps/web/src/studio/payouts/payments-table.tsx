import { useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { PAYOUT_STATES, type Payout } from './payouts-api.ts';
import { payoutsText } from './text.ts';

/** Every payment with where it is; returned ones say why. */
export function PaymentsTable({ payments }: { readonly payments: readonly Payout[] }) {
  const words = useText(payoutsText);
  const format = useFormats();
  const [state, setState] = useState('');
  return (
    <div className="studio-card" data-part="payments">
      <h3>{words.payments}</h3>
      <SelectField
        name="state"
        label={words.state}
        value={state}
        choices={[['', words.all], ...PAYOUT_STATES.map((each) => [each, words.states[each]] as const)]}
        onText={setState}
      />
      {payments.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {payments
          .filter((payment) => state === '' || payment.state === state)
          .map((payment) => (
            <li key={payment.id} data-payment={payment.state}>
              <div className="row-head">
                <span>
                  <span className="tape">{words.states[payment.state]}</span> {payment.rail}
                </span>
                <span className="figure">{format.dollars(payment.usdCents)}</span>
              </div>
              <p className="hash">{payment.payee}</p>
              {payment.reason !== null && <p className="quiet">{payment.reason}</p>}
            </li>
          ))}
      </ul>
    </div>
  );
}
