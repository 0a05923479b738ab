import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { jumpFrom, LEAD_SECONDS, nextGap, previousGap } from '../../takes/spans.ts';
import type { ExportFormat } from './recorder-messages.ts';
import type { TakeSound } from './recordings.ts';
import type { TakePicture } from './take-picture.ts';
import { TakeTrack } from './take-track.tsx';
import { recordingText } from './text.ts';
import { useTakePlayer } from './use-take-player.ts';

const STEP_SECONDS = 5;

export interface TakeDetailsProps {
  readonly recorder: string;
  readonly picture: TakePicture;
  readonly sound: TakeSound | undefined;
  /** Makes the sound ready, and lets go of it. */
  readonly listen: () => void;
  readonly hush: () => void;
  /** Hands one track as a file, or with `jdat` the whole take. */
  readonly save: (track: number, format: ExportFormat) => void;
}

/** A take to hear and to look at: its tracks beside each other, with what the network did to them. */
export function TakeDetails({ recorder, picture, sound, listen, hush, save }: TakeDetailsProps) {
  const words = useText(recordingText);
  const format = useFormats();
  const player = useTakePlayer(sound, listen);
  const [stop, setStop] = useState(-1);
  const stops = useMemo(() => stopsOf(picture), [picture]);
  useEffect(() => hush, [hush]);
  const seek = useCallback(
    (seconds: number): void => {
      setStop(-1);
      player.seek(seconds);
    },
    [player.seek],
  );
  const jump = (index: number | null): void => {
    const gap = index === null ? undefined : stops[index];
    if (index === null || gap === undefined) return;
    setStop(index);
    player.seek(Math.max(0, gap.fromSeconds - LEAD_SECONDS));
  };
  const from = jumpFrom(stops[stop] ?? null, player.position(), false);
  const actions = {
    next: () => jump(nextGap(stops, from)),
    previous: () => jump(previousGap(stops, from)),
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const track = picture.tracks[Number(event.key) - 1];
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (event.key === ' ' && !isOnButton) player.toggle();
    else if (event.key === 'ArrowLeft') seek(Math.max(0, player.position() - STEP_SECONDS));
    else if (event.key === 'ArrowRight') seek(Math.min(picture.seconds, player.position() + STEP_SECONDS));
    else if (event.key === 'n') actions.next();
    else if (event.key === 'p') actions.previous();
    else if (track !== undefined) player.mute(track.track);
    else return;
    event.preventDefault();
  };
  const gap = stops[stop];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form; this is a player.
    <div className="take-details" role="group" aria-label={words.player(recorder)} onKeyDown={onKey}>
      <div className="desk-buttons">
        <button
          type="button"
          className="primary play"
          data-playing={player.isPlaying}
          disabled={player.isWaiting}
          onClick={player.toggle}
        >
          {player.isWaiting ? words.unpacking : player.isPlaying ? words.pause : words.play}
        </button>
        <button type="button" disabled={stops.length === 0} onClick={actions.previous}>
          {words.previousGap}
        </button>
        <button type="button" disabled={stops.length === 0} onClick={actions.next}>
          {words.nextGap}
        </button>
      </div>
      {player.isWaiting && sound !== undefined && 'share' in sound && (
        <label className="progress-row">
          <span>{words.unpacking}</span>
          <progress value={sound.share} max={1} />
        </label>
      )}
      {player.hasFailed && <p role="alert">{words.inaudible}</p>}
      <p className="quiet" aria-live="polite">
        {gap !== undefined &&
          words.gap(
            stop + 1,
            stops.length,
            words.trackName(gap.from, words.track[gap.role]),
            format.duration(gap.fromSeconds),
            words.fates[gap.fate],
          )}
      </p>
      {picture.tracks.map((track) => (
        <TakeTrack
          key={track.track}
          track={track}
          seconds={picture.seconds}
          player={player}
          seek={seek}
          save={save}
        />
      ))}
      <p className="quiet keys">{words.keys}</p>
      <div className="desk-buttons">
        <button type="button" title={words.jdatHint} onClick={() => save(0, 'jdat')}>
          {words.saveJdat}
        </button>
      </div>
    </div>
  );
}

/** Where something can be heard of a hole: what redundancy brought back exactly is none to the ear. */
function stopsOf({ tracks }: TakePicture) {
  return tracks
    .flatMap(({ gaps, from, role }) =>
      gaps.filter(({ fate }) => fate !== 'recovered').map((gap) => ({ ...gap, from, role })),
    )
    .sort((a, b) => a.fromSeconds - b.fromSeconds);
}
