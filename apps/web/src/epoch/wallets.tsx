import { useCallback, useState } from 'react';
import { fetchWallet } from '../api/endpoints.ts';
import type { WalletRow } from '../api/state.ts';
import { useAnswer } from '../api/use-answer.ts';
import { dollarsText, jamText } from '../format/amounts.ts';
import { perMille } from '../format/numbers.ts';
import { Complaint } from '../look/complaint.tsx';
import { KindTag } from '../look/kind-tag.tsx';
import { text } from '../text/text.ts';

const words = text.epoch;

/** Payments listed per wallet. */
const LINES_MAX = 40;

export function Wallets({ wallets }: { readonly wallets: readonly WalletRow[] }) {
  const most = wallets.reduce((greatest, { amountMicroJam }) => {
    const earned = BigInt(amountMicroJam);
    return earned > greatest ? earned : greatest;
  }, 0n);
  return (
    <ul className="rows wallets">
      {wallets.map((wallet) => (
        <WalletView key={wallet.payee} wallet={wallet} most={most} />
      ))}
    </ul>
  );
}

function WalletView({ wallet, most }: { readonly wallet: WalletRow; readonly most: bigint }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="row-head">
        <span className="scribble" title={wallet.payee}>
          {wallet.label}
        </span>
        <span className="tags">
          {wallet.kinds.map((kind) => (
            <KindTag key={kind} kind={kind} />
          ))}
        </span>
      </div>
      <div className="level" aria-hidden="true">
        <span style={{ width: `${perMille(BigInt(wallet.amountMicroJam), most) / 10}%` }} />
      </div>
      <div className="wallet-line">
        <dl className="facts wallet-facts">
          <div>
            <dt>{words.earned}</dt>
            <dd>{jamText(wallet.amountMicroJam)} JAM</dd>
          </div>
          <div>
            <dt>{words.balance}</dt>
            <dd>{jamText(wallet.balanceMicroJam)} JAM</dd>
          </div>
          <div>
            <dt>{words.worth}</dt>
            <dd>{dollarsText(wallet.worthCents)}</dd>
          </div>
        </dl>
        <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? words.hide : words.show} <span className="unseen">{words.ofWallet(wallet.label)}</span>
        </button>
      </div>
      {/* A changed balance asks for the lines anew. */}
      {open && <WalletLines key={wallet.balanceMicroJam} payee={wallet.payee} />}
    </li>
  );
}

function WalletLines({ payee }: { readonly payee: string }) {
  const ask = useCallback(() => fetchWallet(payee), [payee]);
  const { asked, again } = useAnswer(ask);
  if (asked.status === 'asking') return <p className="quiet">{text.errors.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const { lines } = asked.value;
  if (lines.length === 0) return <p className="quiet">{words.linesEmpty}</p>;
  return (
    <>
      <ul className="wallet-lines">
        {lines.slice(0, LINES_MAX).map((line, index) => (
          <li key={`${line.contribution} ${index.toString()}`}>
            <span>
              {line.text} <small>{words.line(line.kind, line.epoch)}</small>
            </span>
            <span className="figure">{jamText(line.amountMicroJam)} JAM</span>
          </li>
        ))}
      </ul>
      {lines.length > LINES_MAX && <p className="quiet">{words.linesMore(lines.length - LINES_MAX)}</p>}
    </>
  );
}
