import type { Advice } from '@jamnet/toast';
import { roomText } from '../text.ts';

/** What would help the room most, in sentences; nothing while all is well. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }) {
  if (advice.length === 0) return null;
  return (
    <section className="advice" aria-labelledby="advice-title">
      <h3 id="advice-title">{roomText.advice}</h3>
      <ul>
        {advice.map(({ code, player, sentence }) => (
          <li key={`${code} ${player}`}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
