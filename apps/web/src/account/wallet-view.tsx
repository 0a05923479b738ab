import { useState } from 'react';
import type { Wallet } from '../api/endpoints.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { kindName } from '../look/kind-name.ts';
import { text as lookText } from '../look/text.ts';
import { PayeeView } from '../wallet/payee-view.tsx';
import { PaymentsView } from '../wallet/payments-view.tsx';
import { PricesView } from '../wallet/prices-view.tsx';
import { RedemptionsView } from '../wallet/redemptions-view.tsx';
import { StatementsView } from '../wallet/statements-view.tsx';
import { money as ownMoney } from '../wallet/wallet-api.ts';
import { own } from './account-api.ts';
import { RedeemForm } from './redeem-form.tsx';
import { accountText } from './text.ts';

/** Payments listed; the statement of each epoch has them all. */
const LINES_MAX = 40;

/** What the account has earned, why, and the way to money. */
export function WalletView() {
  const words = useText(accountText).wallet;
  const { asked, again: look } = useAnswer(own.wallet);
  const money = useAnswer(ownMoney.redemptions);
  // Of what was asked for before, the form says no more once something was taken back.
  const [turn, setTurn] = useState(0);
  const again = (): void => {
    look();
    money.again();
  };
  return (
    <section className="account-part" aria-labelledby="wallet">
      <h3 id="wallet">{words.title}</h3>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <Inside
          wallet={asked.value}
          cutoffUs={money.asked.status === 'answered' ? money.asked.value.cutoffUs : null}
          turn={turn}
          again={again}
        />
      )}
      {money.asked.status === 'refused' && <Complaint message={money.asked.message} again={money.again} />}
      {money.asked.status === 'answered' && (
        <>
          <RedemptionsView
            redemptions={money.asked.value.redemptions}
            onChanged={() => {
              setTurn(turn + 1);
              again();
            }}
          />
          <PaymentsView payableCents={money.asked.value.payableCents} />
        </>
      )}
      <PayeeView />
      {asked.status === 'answered' && (
        <StatementsView
          payee={asked.value.payee}
          epochs={[...new Set(asked.value.lines.map(({ epoch }) => epoch))]}
        />
      )}
      <PricesView />
    </section>
  );
}

interface InsideProps {
  readonly wallet: Wallet;
  readonly cutoffUs: string | null;
  /** Changes when the form is to begin anew. */
  readonly turn: number;
  readonly again: () => void;
}

function Inside({ wallet, cutoffUs, turn, again }: InsideProps) {
  const words = useText(accountText).wallet;
  const { kinds } = useText(lookText);
  const format = useFormats();
  const { balanceMicroJam, reservedMicroJam, escrowMicroJam, worthCents, lines } = wallet;
  return (
    <>
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
      {lines.length === 0 ? (
        <p className="quiet">{words.nothing}</p>
      ) : (
        <ul className="rows">
          {lines.slice(0, LINES_MAX).map((line) => (
            <li key={`${line.epoch} ${line.contribution} ${line.text}`} className="row-head">
              <span>
                <span lang="en">{line.text}</span>{' '}
                <small className="quiet">{words.line(kindName(line.kind, kinds), line.epoch)}</small>
              </span>
              <b>{format.jam(line.amountMicroJam)}</b>
            </li>
          ))}
        </ul>
      )}
      {lines.length > LINES_MAX && (
        <p className="quiet">{words.more(format.number(lines.length - LINES_MAX))}</p>
      )}
      {BigInt(balanceMicroJam) > 0n && (
        <RedeemForm key={turn} wallet={wallet} cutoffUs={cutoffUs} onAsked={again} />
      )}
      <p className="quiet">
        {words.payee}:{' '}
        <code className="hash" translate="no">
          {wallet.payee}
        </code>
      </p>
    </>
  );
}
