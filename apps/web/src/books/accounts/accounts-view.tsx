import { useCallback, useDeferredValue, useState } from 'react';
import { amountText } from '../../format/amounts.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { books } from '../books-api.ts';
import { More } from '../more.tsx';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';
import { usePages } from '../use-pages.ts';

/** Every account of the ledger, by the beginning of its code. */
export function AccountsView() {
  const words = useText(text);
  const format = useFormats();
  const [prefix, setPrefix] = useState('');
  const asked = useDeferredValue(prefix.trim());
  const load = useCallback((after: string | null) => books.accounts(asked, after), [asked]);
  const pages = usePages(load);
  return (
    <>
      <p className="lede">{words.accounts.lede}</p>
      <label className="field books-field">
        <span>{words.accounts.prefix}</span>
        <input
          value={prefix}
          maxLength={128}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setPrefix(event.target.value)}
        />
        <small className="quiet">{words.accounts.prefixHint}</small>
      </label>
      {pages.rows.length > 0 && (
        <div className="scroller">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.accounts.account}</th>
                <th scope="col" className="over-num">
                  {words.accounts.balance}
                </th>
                <th scope="col" className="over-num">
                  {words.accounts.held}
                </th>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map(({ code, balance, held }) => (
                <tr key={code}>
                  <th scope="row">
                    <a className="hash" href={addressOf('accounts', code)}>
                      {code}
                    </a>
                  </th>
                  <td className="num">{amountText(format, code, balance)}</td>
                  <td className="num">{held === '0' ? '' : amountText(format, code, held)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.accounts.none}</Empty>}
      <More pages={pages} />
    </>
  );
}
