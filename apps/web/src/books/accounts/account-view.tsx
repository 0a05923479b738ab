import { useCallback } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { amountText, legText } from '../../format/amounts.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { books } from '../books-api.ts';
import { More } from '../more.tsx';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';
import { usePages } from '../use-pages.ts';

/** One account: what it holds, and everything that ever moved it. */
export function AccountView({ code }: { readonly code: string }) {
  const words = useText(text).accounts;
  const format = useFormats();
  const load = useCallback((after: string | null) => books.moves(code, after), [code]);
  const pages = usePages(load);
  const { asked } = useAnswer(useCallback(() => books.account(code), [code]));
  const account = asked.status === 'answered' ? asked.value : null;
  return (
    <>
      <p>
        <a href={addressOf('accounts')}>{words.back}</a>
      </p>
      <h3 className="hash books-name">{code}</h3>
      {account && (
        <dl className="facts facts-row">
          <div>
            <dt>{words.balance}</dt>
            <dd>{amountText(format, code, account.balance)}</dd>
          </div>
          <div>
            <dt>{words.held}</dt>
            <dd>{amountText(format, code, account.held)}</dd>
          </div>
        </dl>
      )}
      <h4>{words.moves}</h4>
      {pages.rows.length > 0 && (
        <div className="scroller">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.entry}</th>
                <th scope="col" className="over-num">
                  {words.moved}
                </th>
                <th scope="col" className="over-num">
                  {words.after}
                </th>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map(({ entryIndex, legNumber, amount, balance }) => (
                <tr key={`${entryIndex}.${legNumber}`}>
                  <th scope="row">
                    <a href={addressOf('entries', entryIndex)}>{entryIndex}</a>
                  </th>
                  <td className="num">{legText(format, code, amount)}</td>
                  <td className="num">{amountText(format, code, balance)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.movesNone}</Empty>}
      <More pages={pages} />
    </>
  );
}
