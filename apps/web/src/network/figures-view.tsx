import { useAnswer } from '../api/use-answer.ts';
import type { Formats } from '../language/formats.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { network, type Success, type SuccessEpoch } from './network-api.ts';
import { text } from './text.ts';

/** The public figures of success, each with what it counts and where it is checked. */
export function FiguresView() {
  const words = useText(text);
  const { asked, again } = useAnswer(network.success);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const { epochs, sample } = asked.value;
  const [latest] = epochs;
  return (
    <>
      <p className="lede">{words.figures.lede}</p>
      {latest === undefined ? (
        <Empty>{words.figures.none}</Empty>
      ) : (
        <>
          <h3>{words.figures.of(latest.epochId)}</h3>
          {sample && <p className="quiet">{words.figures.sample}</p>}
          <Figures latest={latest} success={asked.value} />
          <h3>{words.figures.epochs}</h3>
          <Epochs epochs={epochs} />
          <p>
            <a href="/reports/">{words.figures.more}</a>
          </p>
        </>
      )}
    </>
  );
}

type FigureId = keyof (typeof text)['en']['figures']['names'];

interface Figure {
  readonly id: FigureId;
  readonly value: string;
  readonly detail?: string;
  readonly proof: string;
}

function Figures({ latest, success }: { readonly latest: SuccessEpoch; readonly success: Success }) {
  const words = useText(text).figures;
  const format = useFormats();
  const sum = (key: 'shareCents' | 'revenueCents'): bigint =>
    success.epochs.reduce((total, epoch) => total + BigInt(epoch[key]), 0n);
  const correlation = success.figures.find(({ id }) => id === 'correlation')?.value ?? '';
  const returned = (share: bigint, revenue: bigint) => ({
    value: partText(share, revenue, format) ?? words.undefined,
    detail: words.shareOf(format.dollars(share), format.dollars(revenue)),
  });
  const figures: readonly Figure[] = [
    { id: 'operators', value: format.number(latest.operators), proof: latest.file },
    { id: 'participants', value: format.number(latest.participants), proof: latest.file },
    { id: 'recurring-revenue', value: format.dollars(latest.recurringCents), proof: latest.file },
    {
      id: 'share-returned',
      ...returned(BigInt(latest.shareCents), BigInt(latest.revenueCents)),
      proof: `/books/#entries/${latest.leaf}`,
    },
    {
      id: 'share-returned-ever',
      ...returned(sum('shareCents'), sum('revenueCents')),
      proof: '/public/epochs.json',
    },
    {
      id: 'correlation',
      value: /^[-+−]?\d/.test(correlation)
        ? format.number(Number(correlation.replace('−', '-')), 3)
        : words.undefined,
      proof: latest.file,
    },
  ];
  return (
    <dl className="network-figures">
      {figures.map(({ id, value, detail, proof }) => (
        <div key={id} data-figure={id}>
          <dt>{words.names[id]}</dt>
          <dd>
            <b>{value}</b>
            {detail !== undefined && <span className="quiet"> {detail}</span>}
            <p className="quiet">{words.definitions[id]}</p>
            <a href={proof} aria-label={`${words.proof}: ${words.names[id]}`}>
              {words.proof}
            </a>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Epochs({ epochs }: { readonly epochs: readonly SuccessEpoch[] }) {
  const words = useText(text).figures;
  const format = useFormats();
  return (
    <div className="scroller">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.epoch}</th>
            <th scope="col" className="over-num">
              {words.revenue}
            </th>
            <th scope="col" className="over-num">
              {words.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {epochs.map(({ epochId, revenueCents, shareCents }) => (
            <tr key={epochId}>
              <th scope="row">
                <a href={`/books/#epochs/${encodeURIComponent(epochId)}`}>{epochId}</a>
              </th>
              <td className="num">{format.dollars(revenueCents)}</td>
              <td className="num">{format.dollars(shareCents)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A part of a whole in hundredths of a per cent, cut, never rounded up; null of nothing. */
function partText(part: bigint, whole: bigint, format: Formats): string | null {
  if (whole <= 0n) return null;
  const perCent = Number((part * 10_000n) / whole) / 100;
  return new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 2 }).format(
    perCent / 100,
  );
}
