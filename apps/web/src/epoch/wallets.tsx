import { useCallback, useState } from 'react';
import { fetchWalletLines } from '../api/endpoints.ts';
import type { WalletRow } from '../api/state.ts';
import { apiText } from '../api/text.ts';
import { usePages } from '../books/use-pages.ts';
import { perMille } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { KindTag } from '../look/kind-tag.tsx';
import { text } from '../text/text.ts';
import { LineReason } from '../wallet/line-reason.tsx';

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
  const words = useText(text).epoch;
  const format = useFormats();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="row-head">
        <span className="scribble" translate="no" title={wallet.payee}>
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
            <dd>{format.jam(wallet.amountMicroJam)}</dd>
          </div>
          {wallet.balanceMicroJam !== null && (
            <div>
              <dt>{words.balance}</dt>
              <dd>{format.jam(wallet.balanceMicroJam)}</dd>
            </div>
          )}
          {wallet.worthCents !== null && (
            <div>
              <dt>{words.worth}</dt>
              <dd>{format.dollars(wallet.worthCents)}</dd>
            </div>
          )}
        </dl>
        {/* Where balances are their owners', so are the lines. */}
        {wallet.balanceMicroJam !== null && (
          <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.hide : words.show} <span className="unseen">{words.ofWallet(wallet.label)}</span>
          </button>
        )}
      </div>
      {/* A changed balance asks for the lines anew. */}
      {open && <WalletLines key={wallet.balanceMicroJam} payee={wallet.payee} />}
    </li>
  );
}

function WalletLines({ payee }: { readonly payee: string }) {
  const words = useText(text).epoch;
  const { asking } = useText(apiText);
  const format = useFormats();
  const load = useCallback((after: string | null) => fetchWalletLines(payee, after), [payee]);
  const { rows, status, message, hasMore, more } = usePages(load);
  return (
    <>
      {status === 'answered' && rows.length === 0 && <p className="quiet">{words.linesEmpty}</p>}
      <ul className="wallet-lines">
        {rows.map((line, index) => (
          <li key={`${line.contribution} ${index.toString()}`}>
            <LineReason line={line} words={words.line} />
            <span className="figure">{format.jam(line.amountMicroJam)}</span>
          </li>
        ))}
      </ul>
      {status === 'asking' && <p className="quiet">{asking}</p>}
      {status === 'refused' && <Complaint message={message} again={more} />}
      {status === 'answered' && hasMore && (
        <button type="button" className="plain" onClick={more}>
          {words.linesMore}
        </button>
      )}
    </>
  );
}
