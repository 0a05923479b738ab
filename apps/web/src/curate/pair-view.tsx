import { useEffect, useRef } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import type { Pair, Side } from './curate-api.ts';
import { sidesOf } from './load-pair.ts';
import { text } from './text.ts';
import { type PairHandle, usePair } from './use-pair.ts';

interface PairViewProps {
  readonly pair: Pair;
  readonly isBusy: boolean;
  readonly onAnswer: (chosen: 'a' | 'b') => void;
}

/** One blind pair: its sides to hear, and the question. */
export function PairView({ pair, isBusy, onAnswer }: PairViewProps) {
  const words = useText(text).listen;
  const format = useFormats();
  const handle = usePair(pair);
  const desk = useRef<HTMLFieldSetElement>(null);
  const canAnswer = handle.hasHeardAll && !isBusy;
  const answer = (chosen: 'a' | 'b'): void => {
    handle.stop();
    onAnswer(chosen);
  };
  useKeys(desk, pair, handle, canAnswer ? answer : null);
  if (handle.status === 'failed') return <Complaint message={words.soundFailed} again={handle.again} />;
  const isReady = handle.status === 'ready';
  const { lufs } = handle;
  const answerText = pair.form === 'abx' ? words.isX : words.better;
  return (
    <fieldset ref={desk} tabIndex={-1} className="pair" aria-describedby="pair-keys">
      <legend>{pair.form === 'abx' ? words.abx : words.ab}</legend>
      <div className="pair-sides">
        {sidesOf(pair).map((side) => (
          <button
            key={side}
            type="button"
            className="pair-side"
            aria-label={words.hear(words.sides[side])}
            aria-pressed={handle.chosen === side && handle.playing}
            disabled={!isReady}
            onClick={() => handle.hear(side)}
          >
            {words.sides[side]}
          </button>
        ))}
        <button type="button" disabled={!isReady} onClick={handle.togglePlay}>
          {handle.playing ? words.pause : words.play}
        </button>
      </div>
      <p className="quiet" role="status">
        {!isReady ? words.loading : lufs === null ? null : words.matched(format.lufs(lufs))}
      </p>
      <div className="pair-answers">
        {(['a', 'b'] as const).map((side) => (
          <button
            key={side}
            type="button"
            className="primary"
            disabled={!canAnswer}
            onClick={() => answer(side)}
          >
            {answerText(words.sides[side])}
          </button>
        ))}
      </div>
      {isReady && !handle.hasHeardAll && <p className="quiet">{words.hearAll}</p>}
      <p className="quiet" id="pair-keys">
        {words.keys}
      </p>
    </fieldset>
  );
}

/** Keys work while the focus is in the pair: elsewhere letters are for writing (WCAG 2.1.4). */
function useKeys(
  desk: React.RefObject<HTMLFieldSetElement | null>,
  pair: Pair,
  { hear, togglePlay }: PairHandle,
  answer: ((chosen: 'a' | 'b') => void) | null,
): void {
  useEffect(() => {
    const element = desk.current;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const side = sidesOf(pair).find((each: Side) => each === event.key.toLowerCase());
      const chosen = event.key === '1' ? 'a' : event.key === '2' ? 'b' : null;
      if (side !== undefined) hear(side);
      else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) togglePlay();
      else if (chosen !== null) answer?.(chosen);
      else return;
      event.preventDefault();
    };
    element?.addEventListener('keydown', press);
    return () => element?.removeEventListener('keydown', press);
  }, [desk, pair, hear, togglePlay, answer]);
}
