import { useCallback } from 'react';
import { kindOf } from '../../api/kinds.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ringPath, slicesOf } from '../../epoch/pie-geometry.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { books, type EpochSheet } from '../books-api.ts';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';
import { CheckFile } from './check-file.tsx';
import { PaidView } from './paid-view.tsx';

/** One closed epoch: what came in, what went back, to whom, and how to check it. */
export function EpochView({ id }: { readonly id: string }) {
  const words = useText(text);
  const { asked, again } = useAnswer(useCallback(() => books.epoch(id), [id]));
  return (
    <>
      <p>
        <a href={addressOf('epochs')}>{words.epochs.back}</a>
      </p>
      <h3>
        {words.epochs.epoch} {id}
      </h3>
      {asked.status === 'asking' && <p role="status">{words.asking}</p>}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && <Sheet sheet={asked.value} />}
    </>
  );
}

function Sheet({ sheet }: { readonly sheet: EpochSheet }) {
  const words = useText(text).epochs;
  return (
    <>
      <Facts sheet={sheet} />
      <div className="halves">
        <div>
          <h4>{words.cameFrom}</h4>
          <Streams sheet={sheet} />
        </div>
        <div>
          <h4>{words.wentTo}</h4>
          <Kinds sheet={sheet} />
        </div>
      </div>
      <PaidView epoch={sheet.epoch} payees={sheet.payees} />
      <CheckFile sheet={sheet} />
    </>
  );
}

function Facts({ sheet }: { readonly sheet: EpochSheet }) {
  const words = useText(text).epochs;
  const format = useFormats();
  const share = partOf(sheet.shareCents, sheet.revenueCents);
  const facts: readonly (readonly [string, string])[] = [
    [words.revenue, format.dollars(sheet.revenueCents)],
    [words.share, `${format.dollars(sheet.shareCents)} (${format.percent(share)})`],
    [words.price, sheet.price === null ? words.noPrice : format.dollars(priceCents(sheet.price))],
    [words.issued, format.jam(sheet.issuedMicroJam)],
    [words.cash, format.dollars(sheet.cashCents)],
    [words.participants, format.number(sheet.participants)],
    [words.closed, format.moment(Number(BigInt(sheet.closedAtUs) / 1000n))],
    [words.policy, sheet.policyName],
  ];
  return (
    <dl className="facts facts-row">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Streams({ sheet }: { readonly sheet: EpochSheet }) {
  const words = useText(text).epochs;
  const format = useFormats();
  const named: Readonly<Record<string, string>> = words.streams;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words.stream}</th>
          <th scope="col" className="over-num">
            {words.net}
          </th>
          <th scope="col" className="over-num">
            {words.part}
          </th>
        </tr>
      </thead>
      <tbody>
        {sheet.streams.map(({ stream, netCents }) => (
          <tr key={stream}>
            <th scope="row">{named[stream] ?? stream}</th>
            <td className="num">{format.dollars(netCents)}</td>
            <td className="num">{format.percent(partOf(netCents, sheet.revenueCents))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Kinds({ sheet }: { readonly sheet: EpochSheet }) {
  const words = useText(text).epochs;
  const format = useFormats();
  const slices = slicesOf(sheet.kinds.map(({ microJam }) => BigInt(microJam)));
  const rows = sheet.kinds.map(({ kind, microJam }, index) => {
    const known = kindOf(kind);
    return {
      kind,
      known,
      name: known === null ? kind : words.kinds[known],
      amount: format.jam(microJam),
      percent: format.percent(partOf(microJam, sheet.issuedMicroJam)),
      slice: slices[index],
    };
  });
  const spoken = format.list(rows.map(({ name, percent }) => `${name} ${percent}`));
  return (
    <div className="pie">
      <svg viewBox="-52 -52 104 104" role="img" aria-label={words.pie(spoken)}>
        {rows.map(
          ({ kind, known, slice }) =>
            slice && (
              <path key={kind} className={`slice slice-${known ?? 'other'}`} d={ringPath(slice, 50, 27)} />
            ),
        )}
      </svg>
      <ul className="pie-parts">
        {rows.map(({ kind, known, name, amount, percent }) => (
          <li key={kind}>
            <span className={`tape ${known === null ? '' : `tape-${known}`}`}>{name}</span>
            <b>{percent}</b>
            <span className="figure">{amount}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** For showing only: the exact figures stand beside it. */
function partOf(part: string, whole: string): number {
  return BigInt(whole) === 0n ? 0 : Number((BigInt(part) * 100_000n) / BigInt(whole)) / 100_000;
}

/** Cents for one unit, rounded down as the books do when they show it. */
function priceCents({ cents, units }: { readonly cents: string; readonly units: string }): bigint {
  return BigInt(cents) / BigInt(units);
}
