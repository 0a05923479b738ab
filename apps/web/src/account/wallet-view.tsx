import type { Wallet } from '../api/endpoints.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { kindName } from '../look/kind-name.ts';
import { text as lookText } from '../look/text.ts';
import { own } from './account-api.ts';
import { RedeemForm } from './redeem-form.tsx';
import { accountText } from './text.ts';

/** Payments listed; the statement of each epoch has them all. */
const LINES_MAX = 40;

/** What the account has earned, why, and the way to money. */
export function WalletView() {
  const words = useText(accountText).wallet;
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
      {BigInt(balanceMicroJam) > 0n && <RedeemForm wallet={wallet} onAsked={again} />}
      <p className="quiet">
        {words.payee}:{' '}
        <code className="hash" translate="no">
          {wallet.payee}
        </code>
      </p>
    </>
  );
}
