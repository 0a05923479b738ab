import type { Wallet } from '../api/endpoints.ts';
import { useAnswer } from '../api/use-answer.ts';
import { dollarsText, jamText } from '../format/amounts.ts';
import { Complaint } from '../look/complaint.tsx';
import { own } from './account-api.ts';
import { RedeemForm } from './redeem-form.tsx';
import { accountText } from './text.ts';

const words = accountText.wallet;

/** Payments listed; the statement of each epoch has them all. */
const LINES_MAX = 40;

/** What the account has earned, why, and the way to money. */
export function WalletView() {
  const { asked, again } = useAnswer(own.wallet);
  return (
    <section className="account-part" aria-labelledby="wallet">
      <h3 id="wallet">{words.title}</h3>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && <Inside wallet={asked.value} again={again} />}
    </section>
  );
}

function Inside({ wallet, again }: { readonly wallet: Wallet; readonly again: () => void }) {
  const { balanceMicroJam, worthCents, lines } = wallet;
  return (
    <>
      <dl className="facts facts-row">
        <div>
          <dt>{words.balance}</dt>
          <dd>{jamText(balanceMicroJam)} JAM</dd>
        </div>
        <div>
          <dt>{words.worth}</dt>
          <dd>{dollarsText(worthCents)}</dd>
        </div>
      </dl>
      {lines.length === 0 ? (
        <p className="quiet">{words.nothing}</p>
      ) : (
        <ul className="rows">
          {lines.slice(0, LINES_MAX).map((line) => (
            <li key={`${line.epoch} ${line.contribution} ${line.text}`} className="row-head">
              <span>
                {line.text} <small className="quiet">{words.line(line.kind, line.epoch)}</small>
              </span>
              <b>{jamText(line.amountMicroJam)} JAM</b>
            </li>
          ))}
        </ul>
      )}
      {lines.length > LINES_MAX && <p className="quiet">{words.more(lines.length - LINES_MAX)}</p>}
      {BigInt(balanceMicroJam) > 0n && <RedeemForm wallet={wallet} onAsked={again} />}
    </>
  );
}
