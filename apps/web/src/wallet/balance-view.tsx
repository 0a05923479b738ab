import { useState } from 'react';
import type { Wallet } from '../api/endpoints.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { pageText } from './page-text.ts';
import { RedeemForm } from './redeem-form.tsx';
import { RedemptionsView } from './redemptions-view.tsx';
import { money } from './wallet-api.ts';

/** What there is and what it is worth, the wish for money, and what became of earlier ones. */
export function BalanceView() {
  const words = useText(pageText);
  const { asked, again: look } = useAnswer(money.wallet);
  const wishes = useAnswer(money.redemptions);
  // Of what was asked for before, the form says no more once something was taken back.
  const [turn, setTurn] = useState(0);
  const again = (): void => {
    look();
    wishes.again();
  };
  const cutoffUs = wishes.asked.status === 'answered' ? wishes.asked.value.cutoffUs : null;
  return (
    <>
      {asked.status === 'asking' && <p role="status">{words.asking}</p>}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <>
          <Balances wallet={asked.value} />
          {BigInt(asked.value.balanceMicroJam) > 0n && (
            <RedeemForm key={turn} wallet={asked.value} cutoffUs={cutoffUs} onAsked={again} />
          )}
        </>
      )}
      {wishes.asked.status === 'refused' && <Complaint message={wishes.asked.message} again={wishes.again} />}
      {wishes.asked.status === 'answered' && (
        <RedemptionsView
          redemptions={wishes.asked.value.redemptions}
          onChanged={() => {
            setTurn(turn + 1);
            again();
          }}
        />
      )}
      {asked.status === 'answered' && (
        <p className="quiet">
          {words.payee}:{' '}
          <code className="hash" translate="no">
            {asked.value.payee}
          </code>
        </p>
      )}
    </>
  );
}

function Balances({ wallet }: { readonly wallet: Wallet }) {
  const words = useText(pageText);
  const format = useFormats();
  const { balanceMicroJam, reservedMicroJam, escrowMicroJam, worthCents } = wallet;
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{words.balance}</dt>
        <dd>{format.jam(balanceMicroJam)}</dd>
      </div>
      {reservedMicroJam !== '0' && (
        <div>
          <dt>{words.reserved}</dt>
          <dd>{format.jam(reservedMicroJam)}</dd>
        </div>
      )}
      {escrowMicroJam !== '0' && (
        <div>
          <dt>{words.escrow}</dt>
          <dd>{format.jam(escrowMicroJam)}</dd>
        </div>
      )}
      <div>
        <dt>{words.worth}</dt>
        <dd>{format.dollars(worthCents)}</dd>
      </div>
    </dl>
  );
}
