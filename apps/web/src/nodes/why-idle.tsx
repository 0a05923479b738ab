import { useText } from '../language/use-text.ts';
import type { Machine } from './nodes-api.ts';
import { text } from './text.ts';

/** Why a connected machine does nothing: by its own rules where it tells them, else as far as the studio can see. */
export function WhyIdle({ machine: { state, running, idle, notice } }: { readonly machine: Machine }) {
  const words = useText(text);
  if (state !== 'connected') return null;
  const paused = notice?.paused ?? [];
  if (paused.length === 0)
    return running > 0 || idle === null ? null : <p data-idle={idle}>{words.idle[idle]}</p>;
  return (
    <ul data-idle="paused">
      {paused.map((code) => (
        <li key={code}>{words.rests[code] ?? words.restsOtherwise(code)}</li>
      ))}
    </ul>
  );
}
