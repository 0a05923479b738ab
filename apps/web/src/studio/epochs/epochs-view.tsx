import { useEffect, useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Empty } from '../../look/section.tsx';
import { text } from '../text.ts';
import { EpochCard } from './epoch-card.tsx';
import { type Closed, epochs } from './epochs-api.ts';
import { epochsText } from './text.ts';

/** How often a page that watches a close asks how far it is. */
const WATCH_MS = 1_000;

/** Epochs that are not closed: tried out, opened, closed. */
export function EpochsView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(epochsText);
  const page = useText(text);
  const { asked, again } = useAnswer(epochs.unclosed);
  const { isBusy, complaint, act } = useAct();
  const [said, setSaid] = useState<string | null>(null);
  const [closed, setClosed] = useState<Closed | null>(null);
  const isClosing = isBusy || (asked.status === 'answered' && asked.value.some(({ closing }) => closing));
  useEffect(() => {
    if (!isClosing) return;
    const timer = setInterval(again, WATCH_MS);
    return () => clearInterval(timer);
  }, [isClosing, again]);
  const open = async (): Promise<void> => {
    const opened = epochs.open();
    if (await act(opened)) setSaid(await opened.then((answer) => (answer.ok ? answer.value.id : null)));
    again();
  };
  const close = async (id: string): Promise<void> => {
    const closing = epochs.close(id);
    if (await act(closing)) setClosed(await closing.then((answer) => (answer.ok ? answer.value : null)));
    again();
  };
  return (
    <>
      <p className="lede">{words.lede}</p>
      {asked.status === 'asking' && <p role="status">{page.asking}</p>}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {complaint !== null && <Complaint message={complaint} />}
      {said !== null && <p role="status">{words.opened(said)}</p>}
      {closed !== null && (
        <p role="status" className="proof">
          {words.closed(closed.epochId)} <a href={`/books/#epochs/${closed.epochId}`}>{words.book}</a>
        </p>
      )}
      {asked.status === 'answered' && asked.value.length === 0 && <Empty>{words.none}</Empty>}
      {asked.status === 'answered' &&
        asked.value.map((epoch) => (
          <EpochCard
            key={epoch.id}
            epoch={epoch}
            canAct={canAct}
            isBusy={isBusy}
            onClose={() => void close(epoch.id)}
          />
        ))}
      {canAct && (
        <button type="button" disabled={isBusy} onClick={() => void open()}>
          {words.open}
        </button>
      )}
    </>
  );
}
