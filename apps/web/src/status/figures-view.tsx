import type { ReactNode } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty } from '../look/section.tsx';
import type { Figures, Status } from './status-api.ts';
import { text } from './text.ts';

/** What waits, what runs and how fresh the public books are. */
export function FiguresView({ figures, relays }: Pick<Status, 'figures' | 'relays'>) {
  const words = useText(text);
  return (
    <>
      <section className="status-part" aria-labelledby="queues">
        <h3 id="queues">{words.queues}</h3>
        {figures === null ? <Empty>{words.noFigures}</Empty> : <Queues figures={figures} />}
      </section>
      <section className="status-part" aria-labelledby="relays">
        <h3 id="relays">{words.relays}</h3>
        {relays.length === 0 ? (
          <Empty>{words.noRelays}</Empty>
        ) : (
          <dl className="facts">
            {relays.map(({ id, rooms, players }) => (
              <Fact key={id} name={id}>
                {words.load(rooms, players)}
              </Fact>
            ))}
          </dl>
        )}
      </section>
      {figures !== null && <Books figures={figures} />}
    </>
  );
}

function Queues({ figures: { meshQueue, grooveRounds, unfiledCode } }: { readonly figures: Figures }) {
  const words = useText(text);
  const format = useFormats();
  const { queued, running, checking, failed } = meshQueue;
  return (
    <dl className="facts facts-row">
      <Fact name={words.queued}>{format.number(queued)}</Fact>
      <Fact name={words.running}>{format.number(running)}</Fact>
      <Fact name={words.checking}>{format.number(checking)}</Fact>
      <Fact name={words.failed}>{format.number(failed)}</Fact>
      <Fact name={words.playing}>{format.number(grooveRounds.playing)}</Fact>
      <Fact name={words.unsettled}>{format.number(grooveRounds.unsettled)}</Fact>
      {unfiledCode !== null && (
        <Fact name={words.unfiled(unfiledCode.epoch)}>{format.number(unfiledCode.repositories)}</Fact>
      )}
    </dl>
  );
}

function Books({ figures: { lastEpoch, checkpoint } }: { readonly figures: Figures }) {
  const words = useText(text);
  const format = useFormats();
  const moment = (us: string): string => format.moment(Number(us) / 1000);
  return (
    <section className="status-part" aria-labelledby="books">
      <h3 id="books">{words.books}</h3>
      <dl className="facts">
        <Fact name={words.lastEpoch}>
          {lastEpoch === null ? (
            words.noEpoch
          ) : (
            <>
              <a href={`/books/#epochs/${encodeURIComponent(lastEpoch.epoch)}`}>{lastEpoch.epoch}</a>{' '}
              <span className="quiet">{moment(lastEpoch.closedAtUs)}</span>
            </>
          )}
        </Fact>
        {checkpoint !== null && (
          <Fact name={words.checkpoint}>
            {words.entries(Number(checkpoint.size))}{' '}
            <span className="quiet">{moment(checkpoint.writtenAtUs)}</span>
          </Fact>
        )}
        {checkpoint?.witnesses.map(({ name, cosignedAtUs }) => (
          <Fact key={name} name={words.witness(name)}>
            {cosignedAtUs === null ? words.notCosigned : moment(cosignedAtUs)}
          </Fact>
        ))}
      </dl>
      {checkpoint?.witnesses.length === 0 && <p className="quiet">{words.noWitnesses}</p>}
    </section>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
