import { useCallback } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { books } from '../books-api.ts';
import { More } from '../more.tsx';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';
import { usePages } from '../use-pages.ts';

/** Whom an epoch paid, by pseudonym, with the name where a member agreed to it. */
export function PaidView({ epoch, payees }: { readonly epoch: string; readonly payees: number }) {
  const words = useText(text).epochs;
  const format = useFormats();
  const pages = usePages(useCallback((after: string | null) => books.paid(epoch, after), [epoch]));
  return (
    <section>
      <h4>{words.paid(format.number(payees))}</h4>
      <div className="scroller">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.who}</th>
              <th scope="col" className="over-num">
                {words.issued}
              </th>
              <th scope="col" className="over-num">
                {words.cashClaim}
              </th>
              <th scope="col">{words.state}</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map(({ payee, name, microJam, cents, escrowed }) => (
              <tr key={payee}>
                <th scope="row">
                  {name !== null && <span className="scribble">{name}</span>}{' '}
                  <a className="hash" href={addressOf('accounts', `payee:${payee}:JAM`)} title={payee}>
                    {payee.slice(0, 12)}…
                  </a>
                </th>
                <td className="num">{format.jam(microJam)}</td>
                <td className="num">{format.dollars(cents)}</td>
                <td>{escrowed ? words.inEscrow : words.isPaid}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More pages={pages} />
    </section>
  );
}
