import './earnings.css';
import { memo } from 'react';
import { KINDS, type Kind } from '../api/kinds.ts';
import type { ContributionRow, StudioState, Vote } from '../api/state.ts';
import { shortId } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { text as lookText } from '../look/text.ts';
import { text } from '../text/text.ts';
import { Votes } from './votes.tsx';

/** Listed per kind; the count above is of all. */
const SHOWN_MAX = 4;

export interface EarningsProps {
  readonly contributions: readonly ContributionRow[];
  readonly counts: StudioState['contributionCounts'];
  readonly votes: readonly Vote[];
}

export const EarningsSection = memo(function EarningsSection({
  contributions,
  counts,
  votes,
}: EarningsProps) {
  const words = useText(text).earnings;
  return (
    <Section id="contributions" mark="E" title={words.title} lede={words.lede}>
      <ul className="kinds">
        {KINDS.map((kind) => (
          <KindColumn
            key={kind}
            kind={kind}
            count={counts[kind]}
            rows={contributions.filter((contribution) => contribution.kind === kind)}
          />
        ))}
      </ul>
      <h3>{words.votesTitle}</h3>
      {votes.length === 0 ? <Empty>{words.votesEmpty}</Empty> : <Votes votes={votes} />}
    </Section>
  );
});

interface KindColumnProps {
  readonly kind: Kind;
  readonly count: number;
  readonly rows: readonly ContributionRow[];
}

function KindColumn({ kind, count, rows }: KindColumnProps) {
  const words = useText(text).earnings;
  const { kinds } = useText(lookText);
  const format = useFormats();
  const newest = rows.slice(-SHOWN_MAX).reverse();
  return (
    <li className={`kind kind-${kind}`}>
      <h3>
        <span className={`tape tape-${kind}`}>{kinds[kind]}</span> <strong>{format.number(count)}</strong>
      </h3>
      {newest.length === 0 ? (
        <p className="quiet">{words.waiting[kind]}</p>
      ) : (
        <ol className="newest" aria-label={words.newest(newest.length, format.number(count))}>
          {newest.map((row) => (
            <li key={row.id}>
              <span className="subject" translate="no" title={row.subject}>
                {row.subject}
              </span>
              <span className="quiet">
                <span translate="no">{row.meter}</span>, {words.merit(format.number(BigInt(row.merit)))},{' '}
                <Payees row={row} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

function Payees({ row }: { readonly row: ContributionRow }) {
  const words = useText(text).earnings;
  const [first] = row.payees;
  if (row.payees.length === 1 && first !== undefined)
    return (
      <span translate="no" title={first.payee}>
        {shortId(first.payee)}
      </span>
    );
  return (
    <span title={row.payees.map(({ payee }) => payee).join('\n')}>{words.payees(row.payees.length)}</span>
  );
}
