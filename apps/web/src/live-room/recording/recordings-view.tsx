import { useCallback, useState } from 'react';
import type { Formats } from '../../language/formats.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { kindsOf } from '../consent.ts';
import type { PlayerReport } from '../messages.ts';
import { RefusalWords } from '../refusals/refusal-words.tsx';
import type { RoomTake } from './archive-door.ts';
import type { KeptTake, RecorderFailure } from './recorder-messages.ts';
import './recordings.css';
import type { Recordings, RecordingsState } from './recordings.ts';
import { TakeDetails } from './take-details.tsx';
import { recordingText } from './text.ts';

export interface RecordDeskProps {
  readonly recordings: Recordings;
  readonly state: RecordingsState;
  readonly players: readonly PlayerReport[];
  readonly isPlaying: boolean;
}

/** Begins and ends the room's recording, and tells who is on it. */
export function RecordDesk({ recordings, state, players, isPlaying }: RecordDeskProps) {
  const words = useText(recordingText);
  const format = useFormats();
  const isOn = state.running !== null || state.phase === 'recording' || state.phase === 'starting';
  return (
    <div className="record-desk" data-recording={state.phase}>
      <button
        type="button"
        className="record"
        aria-pressed={isOn}
        disabled={!isPlaying || state.phase === 'starting' || state.phase === 'ending'}
        onClick={() => void recordings.press(!isOn)}
      >
        <span className="record-dot" aria-hidden="true" />
        {isOn ? words.stop : words.record}
      </button>
      <div>
        <p role="status" className="record-status">
          {statusOf(state, words, format)}
        </p>
        {state.phase === 'recording' && <OnIt state={state} players={players} />}
      </div>
    </div>
  );
}

/** Everything recorded in the room: what waits in this browser, and what the studio has. */
export function TakeShelf({
  recordings,
  state,
}: {
  readonly recordings: Recordings;
  readonly state: RecordingsState;
}) {
  const words = useText(recordingText);
  if (state.seat === null) return null;
  return (
    <section className="recordings" aria-labelledby="recordings-title">
      <h3 id="recordings-title">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {state.failure !== null && <Failure failure={state.failure} />}
      {state.sending !== null && (
        <label className="progress-row">
          <span>{words.sending}</span>
          <progress value={state.sending.share} max={1} />
        </label>
      )}
      {state.kept
        .filter(({ name }) => name !== state.sending?.name)
        .map((take) => (
          <Kept key={take.name} take={take} recordings={recordings} state={state} />
        ))}
      <TakeList recordings={recordings} state={state} />
    </section>
  );
}

type Words = (typeof recordingText)['en'];

function statusOf({ phase, running, report }: RecordingsState, words: Words, format: Formats): string {
  if (phase === 'starting') return words.starting;
  if (phase === 'ending') return words.ending;
  const by = running === null ? '' : words.runs(running.by);
  if (phase !== 'recording') return by;
  return `${by} ${words.yours(format.duration(report?.seconds ?? 0))}`.trim();
}

function OnIt({
  state: { seat, report },
  players,
}: {
  readonly state: RecordingsState;
  readonly players: readonly PlayerReport[];
}) {
  const words = useText(recordingText);
  const format = useFormats();
  const isOwnOn = seat?.plays === true && kindsOf(seat.consent).includes('record');
  const names = [...(isOwnOn ? [words.you] : []), ...(report?.heard ?? [])];
  const without = players.filter(
    ({ consent, isPresent, packets }) => isPresent && packets > 0 && !kindsOf(consent).includes('record'),
  );
  return (
    <>
      <p className="quiet">{names.length === 0 ? words.nobody : words.on(format.list(names))}</p>
      {seat?.plays === true && !isOwnOn && <p className="quiet">{words.notYou}</p>}
      {without.length > 0 && (
        <p className="quiet">{words.without(format.list(without.map(({ player }) => player)))}</p>
      )}
      {(report?.droppedBlocks ?? 0) > 0 && <p role="alert">{words.dropped(report?.droppedBlocks ?? 0)}</p>}
    </>
  );
}

function Kept({
  take,
  recordings,
  state,
}: {
  readonly take: KeptTake;
  readonly recordings: Recordings;
  readonly state: RecordingsState;
}) {
  const words = useText(recordingText);
  const format = useFormats();
  const isOurs = take.room === state.seat?.room && take.recorder === state.seat.player;
  return (
    <div className="kept">
      <p>
        {words.kept(format.bytes(take.bytes))}{' '}
        {!isOurs && (take.room === '' ? words.keptDamaged : words.keptElsewhere(take.room, take.recorder))}
      </p>
      <div className="desk-buttons">
        {isOurs && (
          <button type="button" disabled={state.sending !== null} onClick={() => recordings.send(take.name)}>
            {words.send}
          </button>
        )}
        <button type="button" onClick={() => recordings.discard(take.name)}>
          {words.discard}
        </button>
      </div>
    </div>
  );
}

function TakeList({
  recordings,
  state,
}: {
  readonly recordings: Recordings;
  readonly state: RecordingsState;
}) {
  const words = useText(recordingText);
  if (state.takes === null) return null;
  if (state.takes.length === 0) return <p className="quiet">{words.empty}</p>;
  return (
    <ul className="rows takes-rows">
      {state.takes.map((take) => (
        <TakeRow key={take.id} take={take} recordings={recordings} state={state} />
      ))}
    </ul>
  );
}

function TakeRow({
  take,
  recordings,
  state,
}: {
  readonly take: RoomTake;
  readonly recordings: Recordings;
  readonly state: RecordingsState;
}) {
  const words = useText(recordingText);
  const format = useFormats();
  const [isShown, setShown] = useState(false);
  // As repaired once it is; what was opened before stays as it is until it is closed.
  const now = take.repaired?.id ?? take.id;
  const [shown, setShownId] = useState(now);
  const id = isShown ? shown : now;
  const opened = state.opened[id];
  const tracks = opened !== undefined && 'picture' in opened ? opened.picture.tracks.length : 0;
  const listen = useCallback(() => recordings.listen(id, tracks), [recordings, id, tracks]);
  const hush = useCallback(() => recordings.hush(id), [recordings, id]);
  const toggle = (): void => {
    setShown(!isShown);
    setShownId(id);
    if (!isShown && (opened === undefined || 'failure' in opened)) recordings.open(id);
  };
  return (
    <li data-take={take.id}>
      <div className="row-head">
        <h4>{words.take(take.recorder)}</h4>
        <span className="quiet">{format.moment(momentMsOf(take))}</span>
        <span className="figure">
          {`${format.duration(take.seconds)} · ${format.bytes(take.repaired?.bytes ?? take.bytes)}`}
        </span>
        <button type="button" aria-expanded={isShown} onClick={toggle}>
          {isShown ? words.close : words.open}
        </button>
      </div>
      {take.repaired !== undefined && <p className="quiet">{words.repaired(take.repaired.holes)}</p>}
      {isShown && opened !== undefined && 'share' in opened && (
        <label className="progress-row">
          <span>{words.opening}</span>
          <progress value={opened.share} max={1} />
        </label>
      )}
      {isShown && opened !== undefined && 'failure' in opened && <Failure failure={opened.failure} />}
      {isShown && opened !== undefined && 'picture' in opened && (
        <TakeDetails
          recorder={take.recorder}
          picture={opened.picture}
          sound={state.sounds[id]}
          listen={listen}
          hush={hush}
          save={(track, format) => recordings.export(id, track, format)}
        />
      )}
    </li>
  );
}

function Failure({ failure }: { readonly failure: RecorderFailure }) {
  const { failures, unknown } = useText(recordingText);
  return (
    <p role="alert">
      <RefusalWords {...failure} codes={failures} unknown={unknown} />
    </p>
  );
}

function momentMsOf({ recordedAtUs, startedAtUs }: RoomTake): number {
  return Number(recordedAtUs ?? startedAtUs) / 1000;
}
