import { useCallback, useState } from 'react';
import { kindsOf } from '../consent.ts';
import type { PlayerReport } from '../messages.ts';
import type { RoomTake } from './archive-door.ts';
import type { KeptTake, RecorderFailure } from './recorder-messages.ts';
import { recordingText as words } from './recording-text.ts';
import './recordings.css';
import type { Recordings, RecordingsState } from './recordings.ts';
import { TakeDetails } from './take-details.tsx';
import { timeOf } from './time-of.ts';

export interface RecordDeskProps {
  readonly recordings: Recordings;
  readonly state: RecordingsState;
  readonly players: readonly PlayerReport[];
  readonly isPlaying: boolean;
}

/** Begins and ends the room's recording, and tells who is on it. */
export function RecordDesk({ recordings, state, players, isPlaying }: RecordDeskProps) {
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
          {statusOf(state)}
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
  if (state.seat === null) return null;
  return (
    <section className="recordings" aria-labelledby="recordings-title">
      <h3 id="recordings-title">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {state.failure !== null && <p role="alert">{sentenceOf(state.failure)}</p>}
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

function statusOf({ phase, running, report }: RecordingsState): string {
  if (phase === 'starting') return words.starting;
  if (phase === 'ending') return words.ending;
  const by = running === null ? '' : words.runs(running.by);
  if (phase !== 'recording') return by;
  return `${by} ${words.yours(timeOf(report?.seconds ?? 0))}`.trim();
}

function OnIt({
  state: { seat, report },
  players,
}: {
  readonly state: RecordingsState;
  readonly players: readonly PlayerReport[];
}) {
  const isOwnOn = seat?.plays === true && kindsOf(seat.consent).includes('record');
  const names = [...(isOwnOn ? [words.you] : []), ...(report?.heard ?? [])];
  const without = players.filter(
    ({ consent, isPresent, packets }) => isPresent && packets > 0 && !kindsOf(consent).includes('record'),
  );
  return (
    <>
      <p className="quiet">{names.length === 0 ? words.nobody : words.on(names.join(', '))}</p>
      {seat?.plays === true && !isOwnOn && <p className="quiet">{words.notYou}</p>}
      {without.length > 0 && (
        <p className="quiet">{words.without(without.map(({ player }) => player).join(', '))}</p>
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
  const isOurs = take.room === state.seat?.room && take.recorder === state.seat.player;
  return (
    <div className="kept">
      <p>
        {words.kept(sizeOf(take.bytes))}{' '}
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
  const [isShown, setShown] = useState(false);
  const opened = state.opened[take.id];
  const { id } = take;
  const tracks = opened !== undefined && 'picture' in opened ? opened.picture.tracks.length : 0;
  const listen = useCallback(() => recordings.listen(id, tracks), [recordings, id, tracks]);
  const hush = useCallback(() => recordings.hush(id), [recordings, id]);
  const toggle = (): void => {
    setShown(!isShown);
    if (!isShown && (opened === undefined || 'failure' in opened)) recordings.open(take.id);
  };
  return (
    <li data-take={take.id}>
      <div className="row-head">
        <h4>{words.take(take.recorder)}</h4>
        <span className="quiet">{momentOf(take)}</span>
        <span className="figure">{words.seconds(timeOf(take.seconds), sizeOf(take.bytes))}</span>
        <button type="button" aria-expanded={isShown} onClick={toggle}>
          {isShown ? words.close : words.open}
        </button>
      </div>
      {isShown && opened !== undefined && 'share' in opened && (
        <label className="progress-row">
          <span>{words.opening}</span>
          <progress value={opened.share} max={1} />
        </label>
      )}
      {isShown && opened !== undefined && 'failure' in opened && (
        <p role="alert">{sentenceOf(opened.failure)}</p>
      )}
      {isShown && opened !== undefined && 'picture' in opened && (
        <TakeDetails
          recorder={take.recorder}
          picture={opened.picture}
          sound={state.sounds[take.id]}
          listen={listen}
          hush={hush}
          save={(track, format) => recordings.export(take.id, track, format)}
        />
      )}
    </li>
  );
}

function sentenceOf({ code, message }: RecorderFailure): string {
  return message !== '' ? message : (words.failures[code] ?? words.unknown(code));
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function momentOf({ recordedAtUs, startedAtUs }: RoomTake): string {
  const ms = Number(recordedAtUs ?? startedAtUs) / 1000;
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}
