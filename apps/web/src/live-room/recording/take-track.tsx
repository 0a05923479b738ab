import { useCallback, useEffect, useRef } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { type Board, useCanvas } from '../../look/use-canvas.ts';
import { drawOverview, LANE_HEIGHT, WAVE_HEIGHT } from '../../takes/draw-waveform.ts';
import '../../takes/takes.css';
import type { ExportFormat } from './recorder-messages.ts';
import type { TrackPicture } from './take-picture.ts';
import { recordingText } from './text.ts';
import type { TakePlayerHandle } from './use-take-player.ts';

const FATES = ['recovered', 'concealed', 'late'] as const;
/** How often a screen reader is told the position anew while it moves. */
const SPOKEN_EVERY_MS = 250;

export interface TakeTrackProps {
  readonly track: TrackPicture;
  /** Of the whole take. */
  readonly seconds: number;
  readonly player: TakePlayerHandle;
  readonly seek: (seconds: number) => void;
  readonly save: (track: number, format: ExportFormat) => void;
}

/** One track: its wave with the holes marked, the playhead on it, and what can be done with it alone. */
export function TakeTrack({ track, seconds, player, seek, save }: TakeTrackProps) {
  const words = useText(recordingText);
  const { peaks, gaps, packets } = track;
  const lanes = FATES.filter((fate) => packets[fate] > 0);
  const laneKey = lanes.join();
  const draw = useCallback(
    (board: Board) =>
      drawOverview(
        board,
        peaks,
        gaps,
        FATES.filter((fate) => laneKey.includes(fate)),
        seconds,
      ),
    [peaks, gaps, laneKey, seconds],
  );
  const canvasRef = useCanvas(draw);
  const name = words.trackName(track.from, words.track[track.role]);
  const isMuted = player.muted.has(track.track);
  return (
    <figure
      className="take-track"
      data-track={track.track}
      data-role={track.role}
      data-from={track.from}
      data-muted={isMuted}
    >
      <figcaption>
        {name} {isMuted && <span className="quiet">({words.muted})</span>}
      </figcaption>
      <div className="wave-board" style={{ height: `${WAVE_HEIGHT + lanes.length * LANE_HEIGHT}px` }}>
        <canvas ref={canvasRef} role="img" aria-label={words.wave(name, gaps.length)} />
        <SeekBar track={track} name={name} seconds={seconds} player={player} seek={seek} />
      </div>
      {track.role === 'heard' && lanes.length === 0 && <p className="quiet">{words.whole}</p>}
      <ul className="track-fates">
        {lanes.map((fate) => (
          <li key={fate}>
            <i className={`dot fate-${fate}`} /> {words.fates[fate]}: {words.packets(packets[fate])}
          </li>
        ))}
      </ul>
      <div className="desk-buttons">
        <button type="button" aria-pressed={isMuted} onClick={() => player.mute(track.track)}>
          {words.muteTrack(name)}
        </button>
        {(['wav', 'flac'] as const).map((format) => (
          <button
            key={format}
            type="button"
            aria-label={`${name}, ${format.toUpperCase()}`}
            onClick={() => save(track.track, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
    </figure>
  );
}

interface SeekBarProps extends Omit<TakeTrackProps, 'save'> {
  readonly name: string;
}

/** A slider as large as the drawing whose thumb is the playhead. */
function SeekBar({ track, name, seconds, player, seek }: SeekBarProps) {
  const words = useText(recordingText);
  const format = useFormats();
  const barRef = useRef<HTMLInputElement | null>(null);
  const { position, isPlaying, jumps } = player;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a jump moves the playhead of a player at rest.
  useEffect(() => {
    let frame = 0;
    let spokenAt = Number.NEGATIVE_INFINITY;
    const follow = (now: number): void => {
      const bar = barRef.current;
      if (bar !== null) {
        const at = position();
        bar.valueAsNumber = at;
        if (now - spokenAt >= SPOKEN_EVERY_MS) {
          spokenAt = now;
          const gap = track.gaps.find((each) => each.fromSeconds <= at && at < each.toSeconds);
          const fate = gap === undefined ? '' : words.fates[gap.fate];
          bar.ariaValueText = words.placeText(format.duration(at), format.duration(seconds), fate);
        }
      }
      if (isPlaying) frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [position, track.gaps, seconds, isPlaying, jumps, words, format]);
  return (
    <input
      ref={barRef}
      className="seek"
      type="range"
      min={0}
      max={seconds}
      step={0.05}
      defaultValue={0}
      aria-label={words.place(name)}
      data-playing={isPlaying}
      onInput={(event) => seek(event.currentTarget.valueAsNumber)}
    />
  );
}
