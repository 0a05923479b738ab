import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { Listening } from './curate-api.ts';
import { text } from './text.ts';

/** What a curator's answers came to, and why. */
export function CreditView({ listening: { standing, clips } }: { readonly listening: Listening }) {
  const words = useText(text).credit;
  const format = useFormats();
  const { settled, agreeing, waiting, creditMilliVotes } = standing;
  const rows: readonly (readonly [string, string])[] = [
    [words.filed, words.votes(format.number(Number(creditMilliVotes) / 1000, 3))],
    [words.agreeing, `${format.number(agreeing)} / ${format.number(settled)}`],
    [words.waiting, format.number(waiting)],
    [words.approved, `${format.number(clips.approved)} / ${format.number(clips.offered)}`],
  ];
  return (
    <div className="credit">
      <h4>{words.title}</h4>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figure">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{words.rule}</p>
      <p>
        <a href="/wallet/">{words.wallet}</a>
      </p>
    </div>
  );
}
