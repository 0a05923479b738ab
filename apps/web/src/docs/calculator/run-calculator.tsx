import { type RunMonth, samplePolicy, simulateRun } from '@jamnet/economy/formulas';
import { useMemo, useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { NumberField } from './number-field.tsx';
import { calculatorText } from './text.ts';
import { centsOf, wholeOf } from './typed.ts';
import { WideTable } from './wide-table.tsx';

/** Ten years; who waits longer is told so. */
const MONTHS_MAX = 120;
const MONTHS_SHOWN = 12;
const MICRO = 1_000_000n;

/** A run on the reserve by the gates of the sample’s policy, which are the template’s too. */
export function RunCalculator() {
  const words = useText(calculatorText);
  const format = useFormats();
  const [outstanding, setOutstanding] = useState('600000');
  const [price, setPrice] = useState('2');
  const [reserve, setReserve] = useState('240000');
  const [inflow, setInflow] = useState('5000');
  const [asked, setAsked] = useState('10');
  const months = useMemo(
    () => run(outstanding, price, reserve, inflow, asked),
    [outstanding, price, reserve, inflow, asked],
  );
  return (
    <section className="calculator" aria-labelledby="calculator-run">
      <h3 id="calculator-run">{words.run}</h3>
      <p className="quiet">{words.runLede}</p>
      <div className="calculator-fields">
        <NumberField label={words.outstanding} value={outstanding} onText={setOutstanding} />
        <NumberField label={words.jamPrice} value={price} onText={setPrice} />
        <NumberField label={words.reserve} value={reserve} onText={setReserve} />
        <NumberField label={words.inflow} value={inflow} onText={setInflow} />
        <NumberField label={words.asked} value={asked} onText={setAsked} />
      </div>
      {months === null ? (
        <p role="alert">{words.wrong}</p>
      ) : (
        <>
          <p role="status" data-result="months">
            {months.at(-1)?.leftMicroJam === 0n ? words.months(months.length) : words.never(MONTHS_MAX)}
          </p>
          <WideTable label={words.runTable}>
            <thead>
              <tr>
                <th scope="col">{words.month}</th>
                <th scope="col">{words.cap}</th>
                <th scope="col">{words.paid}</th>
                <th scope="col">{words.reserveLeft}</th>
                <th scope="col">{words.cover}</th>
                <th scope="col">{words.open}</th>
              </tr>
            </thead>
            <tbody>
              {months.slice(0, MONTHS_SHOWN).map((month) => (
                <tr key={month.month}>
                  <td>{format.number(month.month)}</td>
                  <td>{format.dollars(month.capCents)}</td>
                  <td>{format.dollars(month.paidCents)}</td>
                  <td>{format.dollars(month.reserveCents)}</td>
                  <td>{format.percent(Number(month.reservePpm) / 1e6)}</td>
                  <td>{format.jam(month.leftMicroJam)}</td>
                </tr>
              ))}
            </tbody>
          </WideTable>
          {months.length > MONTHS_SHOWN && <p className="quiet">{words.more(MONTHS_SHOWN)}</p>}
        </>
      )}
    </section>
  );
}

function run(
  outstanding: string,
  price: string,
  reserve: string,
  inflow: string,
  asked: string,
): readonly RunMonth[] | null {
  const [units, percent] = [wholeOf(outstanding), wholeOf(asked)];
  const [cents, reserveCents, inflowCents] = [centsOf(price), centsOf(reserve), centsOf(inflow)];
  if (units === null || percent === null || cents === null || reserveCents === null || inflowCents === null)
    return null;
  if (units === 0n || cents === 0n || percent === 0n || percent > 100n) return null;
  const outstandingMicroJam = units * MICRO;
  return simulateRun({
    limits: samplePolicy({ epochId: 'calculator' }).redemption,
    price: { cents, units: 1n },
    outstandingMicroJam,
    reserveCents,
    inflowCents,
    askedMicroJam: (outstandingMicroJam * percent) / 100n,
    monthsMax: MONTHS_MAX,
  });
}
