import { useEffect, useRef, useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { CreditView } from './credit-view.tsx';
import { curation, type Listening } from './curate-api.ts';
import { PairView } from './pair-view.tsx';
import { text } from './text.ts';

/** Pair after pair, in rounds of ten; leaving and coming back goes on at the same pair. */
export function ListeningView({ first }: { readonly first: Listening }) {
  const words = useText(text).listen;
  const [now, setNow] = useState(first);
  const [isResting, setResting] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const stage = useRef<HTMLDivElement>(null);
  const pairId = now.pair?.id;
  // After an answer the keys go on to work without a hand on the mouse.
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new pair is what the focus follows.
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else (stage.current?.querySelector('fieldset') ?? stage.current)?.focus();
  }, [pairId, isResting]);
  const answer = async (chosen: 'a' | 'b'): Promise<void> => {
    if (now.pair === null) return;
    const { id } = now.pair;
    await act(
      curation.answer(id, chosen).then((answered) => {
        if (answered.ok) {
          setNow(answered.value);
          setResting(answered.value.answered === 0);
        }
        return answered;
      }),
    );
  };
  const { pair, answered, of, standing } = now;
  return (
    <section className="curate-part" aria-labelledby="listen">
      <h3 id="listen">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {complaint !== null && <Complaint message={complaint} />}
      <div ref={stage} tabIndex={-1} className="stage">
        {pair === null ? (
          <Empty>{words.none}</Empty>
        ) : isResting ? (
          <div className="round-over" role="status">
            <p>{words.roundOver(standing.rounds)}</p>
            <button type="button" className="primary" onClick={() => setResting(false)}>
              {words.next}
            </button>
          </div>
        ) : (
          <>
            <label className="round">
              <progress max={of} value={answered} />
              <span>{words.progress(answered, of)}</span>
            </label>
            <PairView key={pair.id} pair={pair} isBusy={isBusy} onAnswer={answer} />
          </>
        )}
      </div>
      <CreditView listening={now} />
    </section>
  );
}
