import { CONTRIBUTION_KINDS, type ContributionKind, STREAMS, type Stream } from '@jamnet/economy/formulas';
import { useMemo, useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { text as lookText } from '../../look/text.ts';
import { type EpochSum, type EpochWish, PEOPLE, type Person, sumEpoch } from './epoch-sum.ts';
import { NumberField } from './number-field.tsx';
import { calculatorText } from './text.ts';
import { centsOf, wholeOf } from './typed.ts';
import { WideTable } from './wide-table.tsx';

/** The sample evening’s payments; amounts in whole dollars, as typed. */
const STREAMS_AT_FIRST: Readonly<Record<Stream, string>> = {
  hardware: '179',
  subscription: '10',
  compute: '500',
  licence: '0',
  storage: '0',
  'conversion-fee': '0',
};
type Merits = Readonly<Record<Person, Readonly<Record<ContributionKind, string>>>>;
const MERITS_AT_FIRST: Merits = {
  Ada: { music: '20000', code: '0', compute: '0', curation: '3' },
  Bo: { music: '40000', code: '0', compute: '900', curation: '0' },
  Cy: { music: '0', code: '1000000', compute: '100', curation: '1' },
};

/** Revenue and contributions in, what each gets out. */
export function EpochCalculator() {
  const words = useText(calculatorText);
  const { kinds } = useText(lookText);
  const [streams, setStreams] = useState(STREAMS_AT_FIRST);
  const [value, setValue] = useState('24000000');
  const [units, setUnits] = useState('12000000');
  const [merits, setMerits] = useState(MERITS_AT_FIRST);
  const sum = useMemo(() => calculated(streams, value, units, merits), [streams, value, units, merits]);
  const setMerit = (person: Person, kind: ContributionKind, typed: string): void =>
    setMerits((before) => ({ ...before, [person]: { ...before[person], [kind]: typed } }));
  return (
    <section className="calculator" aria-labelledby="calculator-epoch">
      <h3 id="calculator-epoch">{words.epoch}</h3>
      <p className="quiet">{words.epochLede}</p>
      <fieldset>
        <legend>{words.came}</legend>
        <div className="calculator-fields">
          {STREAMS.map((stream) => (
            <NumberField
              key={stream}
              label={words.streams[stream]}
              value={streams[stream]}
              onText={(typed) => setStreams((before) => ({ ...before, [stream]: typed }))}
            />
          ))}
          <NumberField label={words.value} value={value} onText={setValue} />
          <NumberField label={words.units} value={units} onText={setUnits} />
        </div>
      </fieldset>
      <p>{words.merit}</p>
      <WideTable label={words.merit}>
        <thead>
          <tr>
            <th scope="col">{words.who}</th>
            {CONTRIBUTION_KINDS.map((kind) => (
              <th key={kind} scope="col">
                {kinds[kind]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PEOPLE.map((person) => (
            <tr key={person}>
              <th scope="row" translate="no">
                {person}
              </th>
              {CONTRIBUTION_KINDS.map((kind) => (
                <td key={kind}>
                  <NumberField
                    isBare
                    label={`${person}, ${kinds[kind]}`}
                    value={merits[person][kind]}
                    onText={(typed) => setMerit(person, kind, typed)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </WideTable>
      {sum === null ? (
        <p role="alert">{words.wrong}</p>
      ) : (
        <EpochResult sum={sum} value={value} units={units} />
      )}
    </section>
  );
}

function EpochResult({
  sum,
  value,
  units,
}: {
  readonly sum: EpochSum;
  readonly value: string;
  readonly units: string;
}) {
  const words = useText(calculatorText);
  const format = useFormats();
  return (
    <>
      <h4>{words.result}</h4>
      <dl className="facts facts-row">
        <div>
          <dt>{words.revenue}</dt>
          <dd className="figure" data-result="revenue">
            {format.dollars(sum.revenueCents)}
          </dd>
        </div>
        <div>
          <dt>{words.share}</dt>
          <dd className="figure" data-result="share">
            {format.dollars(sum.shareCents)}
          </dd>
        </div>
        <div>
          <dt>{words.price}</dt>
          <dd className="figure">{format.number(Number(value) / Number(units), 6)}</dd>
        </div>
        <div>
          <dt>{words.issued}</dt>
          <dd className="figure" data-result="issued">
            {format.jam(sum.issuedMicroJam)}
          </dd>
        </div>
        <div>
          <dt>{words.carried}</dt>
          <dd className="figure">{format.dollars(sum.carriedCents)}</dd>
        </div>
      </dl>
      <WideTable label={words.result}>
        <thead>
          <tr>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.gets}</th>
            <th scope="col">{words.worth}</th>
            <th scope="col">{words.part}</th>
          </tr>
        </thead>
        <tbody>
          {sum.people.map(({ person, microJam, worthCents }) => (
            <tr key={person} data-person={person}>
              <th scope="row" translate="no">
                {person}
              </th>
              <td>{format.jam(microJam)}</td>
              <td>{format.dollars(worthCents)}</td>
              <td>
                {format.percent(
                  sum.issuedMicroJam === 0n ? 0 : Number(microJam) / Number(sum.issuedMicroJam),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </WideTable>
    </>
  );
}

function calculated(
  streams: Readonly<Record<Stream, string>>,
  value: string,
  units: string,
  merits: Merits,
): EpochSum | null {
  const valueCents = centsOf(value);
  const fullyDilutedUnits = wholeOf(units);
  const streamCents: Partial<Record<Stream, bigint>> = {};
  for (const stream of STREAMS) {
    const cents = centsOf(streams[stream]);
    if (cents === null) return null;
    streamCents[stream] = cents;
  }
  const merit = meritsOf(merits);
  if (valueCents === null || fullyDilutedUnits === null || merit === null) return null;
  const sum = sumEpoch({ streamCents, valueCents, fullyDilutedUnits, merit });
  return sum.ok ? sum.value : null;
}

function meritsOf(merits: Merits): EpochWish['merit'] | null {
  const of = (person: Person): Record<ContributionKind, bigint> | null => {
    const { music, code, compute, curation } = merits[person];
    const [a, b, c, d] = [wholeOf(music), wholeOf(code), wholeOf(compute), wholeOf(curation)];
    return a === null || b === null || c === null || d === null
      ? null
      : { music: a, code: b, compute: c, curation: d };
  };
  const [ada, bo, cy] = [of('Ada'), of('Bo'), of('Cy')];
  return ada === null || bo === null || cy === null ? null : { Ada: ada, Bo: bo, Cy: cy };
}
