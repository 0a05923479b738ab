import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { books } from '../books-api.ts';
import { More } from '../more.tsx';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';
import { usePages } from '../use-pages.ts';

/** Every closed epoch in a line. */
export function EpochsView() {
  const words = useText(text).epochs;
  const format = useFormats();
  const pages = usePages(books.epochs);
  return (
    <>
      <p className="lede">{words.lede}</p>
      {pages.rows.length > 0 && (
        <div className="scroller">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.epoch}</th>
                <th scope="col">{words.closed}</th>
                <th scope="col" className="over-num">
                  {words.revenue}
                </th>
                <th scope="col" className="over-num">
                  {words.share}
                </th>
                <th scope="col" className="over-num">
                  {words.issued}
                </th>
                <th scope="col" className="over-num">
                  {words.participants}
                </th>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map((line) => (
                <tr key={line.epoch}>
                  <th scope="row">
                    <a href={addressOf('epochs', line.epoch)}>{line.epoch}</a>{' '}
                    {line.sample && <span className="tape">{words.sample}</span>}
                  </th>
                  <td>{format.day(Number(BigInt(line.closedAtUs) / 1000n))}</td>
                  <td className="num">{format.dollars(line.revenueCents)}</td>
                  <td className="num">{format.dollars(line.shareCents)}</td>
                  <td className="num">{format.jam(line.issuedMicroJam)}</td>
                  <td className="num">{format.number(line.participants)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <More pages={pages} />
    </>
  );
}
