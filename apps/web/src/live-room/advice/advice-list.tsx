import type { Advice } from '@jamnet/toast';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { adviceText, sayAdvice } from './text.ts';

/** What would help the room most, in sentences; nothing while all is well. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }) {
  const words = useText(adviceText);
  const format = useFormats();
  if (advice.length === 0) return null;
  return (
    <section className="advice" aria-labelledby="advice-title">
      <h3 id="advice-title">{words.title}</h3>
      <ul>
        {advice.map(({ code, player, finding }) => (
          <li key={`${code} ${player}`}>{sayAdvice(words.sentences, player, finding, format)}</li>
        ))}
      </ul>
    </section>
  );
}
