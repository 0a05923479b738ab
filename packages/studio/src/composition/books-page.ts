import type { Economy } from '@jamnet/economy';
import type { Ledger, TransparencyLog } from '@jamnet/ledger';
import { joinedRuns } from '../books/joined-runs.ts';
import { keepTrying } from '../books/keep-trying.ts';
import { OpenFiguresReader } from '../books/open-figures.ts';
import { epochPublisher } from '../books/publish-epochs.ts';
import type { LiveState } from '../live/live-state.ts';
import { tellOnce } from '../processes/tell-failure.ts';
import { epochView, ledgerView, openEpochView, shownEpochId } from './books-view.ts';
import type { LabelBook } from './label-book.ts';

export interface BooksPageParts {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly live: LiveState;
  readonly publicDirectory: string;
  /** The log's origin. */
  readonly origin: string;
  readonly isExposed: boolean;
  /** UTC µs. */
  readonly nowUs: () => bigint;
}

/** The books as everybody sees them: public files and the page. */
export interface BooksPage {
  /** When it ends, all that was in the books when it was asked for is published; many who ask at once share it. */
  readonly publish: () => Promise<void>;
  /** The same for what is in the books already, however publishing goes: what fails is told and tried again. */
  readonly publishOrLater: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function openBooksPage(parts: BooksPageParts): BooksPage {
  const { ledger, log, economy, labels, live, publicDirectory, origin, isExposed, nowUs } = parts;
  const publishEpochs = epochPublisher(economy, publicDirectory);
  const reader = new OpenFiguresReader({
    economy,
    nowUs,
    monotonicMs: () => performance.now(),
    later,
    onFigures: ({ epochId, figures, asOfUs }) => {
      const { epoch } = live.current;
      if (epoch?.id === epochId && epoch.state === 'open')
        live.update({ epoch: openEpochView(epochId, figures, asOfUs) });
    },
    onFailure: tellOnce('figures of the open epoch'),
  });
  const view = { economy, labels, isExposed, openFigures: (epochId: string) => reader.changed(epochId) };
  const publish = joinedRuns(async () => {
    await log.publish(nowUs());
    await publishEpochs();
    const epochId = await shownEpochId(economy, nowUs());
    const epoch = epochId === null ? null : await epochView(view, epochId, nowUs());
    const shownLedger = await ledgerView(ledger, log, origin);
    // Newer figures may have come meanwhile.
    const known = epoch === null || epoch.asOfUs === null ? null : reader.known(epoch.id);
    live.update({
      ledger: shownLedger,
      epoch: known === null ? epoch : openEpochView(known.epochId, known.figures, known.asOfUs),
    });
  });
  const again = keepTrying(publish, later, tellOnce('publishing the books'));
  return {
    publish,
    publishOrLater: again.start,
    close: async () => {
      await again.close();
      await reader.close();
    },
  };
}

function later(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
