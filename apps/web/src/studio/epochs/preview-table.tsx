import type { Formats } from '../../language/formats.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import type { Preview } from './epochs-api.ts';
import { epochsText } from './text.ts';

/** Payments shown one by one; the public books have all of them once the epoch is closed. */
const PAYMENTS_SHOWN = 20;

type Words = (typeof epochsText)['en'];

/** What a close comes to, in five figures. */
export function previewTotals(
  preview: Preview,
  words: Words,
  format: Formats,
): readonly (readonly [string, string])[] {
  return [
    [words.revenue, format.dollars(preview.revenueCents)],
    [words.share, format.dollars(preview.contributorShareCents)],
    [words.issued, format.jam(preview.issuedMicroJam)],
    [words.cash, format.dollars(preview.cashCents)],
    [words.people, format.number(preview.payments.length)],
  ];
}

export function PreviewTable({ preview }: { readonly preview: Preview }) {
  const words = useText(epochsText);
  const format = useFormats();
  const { payments } = preview;
  return (
    <>
      <h4>{words.dryRun}</h4>
      <dl className="facts facts-row">
        {previewTotals(preview, words, format).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {payments.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.payee}</th>
              <th scope="col" className="over-num">
                {words.jam}
              </th>
              <th scope="col" className="over-num">
                {words.money}
              </th>
            </tr>
          </thead>
          <tbody>
            {payments.slice(0, PAYMENTS_SHOWN).map(({ payee, microJam, cents }) => (
              <tr key={payee}>
                <th scope="row" className="hash">
                  {payee}
                </th>
                <td className="num">{format.jam(microJam)}</td>
                <td className="num">{format.dollars(cents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {payments.length > PAYMENTS_SHOWN && (
        <p className="quiet">{words.rest(payments.length - PAYMENTS_SHOWN)}</p>
      )}
    </>
  );
}
