import { useCallback, useEffect, useRef } from 'react';
import { fetchPeaks } from '../api/endpoints.ts';
import type { Fate, Take } from '../api/state.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { type Board, useCanvas } from '../look/use-canvas.ts';
import { text } from '../text/text.ts';
import { drawOverview, LANE_HEIGHT, WAVE_HEIGHT } from './draw-waveform.ts';
import { countFates, FATES, type Gap, gapAt } from './spans.ts';
import type { PlayerHandle } from './use-player.ts';

/** (min, max) pairs asked for: more than the widest drawing has columns at any usual size. */
const BUCKETS = 1200;
/** How often a screen reader is told the position anew while it moves. */
const SPOKEN_EVERY_MS = 250;

export interface WaveformProps {
  readonly take: Take;
  readonly gaps: readonly Gap[];
  readonly handle: PlayerHandle;
  readonly onSeek: (seconds: number) => void;
}

export function Waveform({ take, gaps, handle, onSeek }: WaveformProps) {
  const words = useText(text).takes;
  const { variant } = handle;
  const ask = useCallback(() => fetchPeaks(take.id, variant, BUCKETS), [take.id, variant]);
  const { asked, again } = useAnswer(ask);
  const counts = countFates(take.spans);
  const lanes = FATES.filter((fate) => counts.has(fate));
  const height = WAVE_HEIGHT + lanes.length * LANE_HEIGHT;
  const laneKey = lanes.join();
  const peaks = asked.status === 'answered' ? asked.value.peaks : null;
  const draw = useCallback(
    (board: Board) =>
      drawOverview(
        board,
        peaks ?? [],
        gaps,
        FATES.filter((fate) => laneKey.includes(fate)),
        take.seconds,
      ),
    [peaks, gaps, laneKey, take.seconds],
  );
  const canvasRef = useCanvas(draw);
  return (
    <div className="wave">
      <div className="wave-board" style={{ height: `${height}px` }}>
        <canvas
          ref={canvasRef}
          role="img"
          aria-label={words.waveformLabel(words.variants[variant], gaps.length)}
        />
        <SeekBar take={take} gaps={gaps} handle={handle} onSeek={onSeek} />
      </div>
      <ul className="lanes">
        {lanes.map((fate) => (
          <Lane key={fate} fate={fate} count={counts.get(fate) ?? 0} />
        ))}
      </ul>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
    </div>
  );
}

function Lane({ fate, count }: { readonly fate: Fate; readonly count: number }) {
  const words = useText(text).takes;
  const format = useFormats();
  return (
    <li title={words.fateHints[fate]}>
      <i className={`dot fate-${fate}`} />
      <span>{words.fates[fate]}</span> <b>{format.number(count)}</b>
    </li>
  );
}

/** A slider as large as the drawing whose thumb is the playhead: click, drag, touch and arrow keys for nothing. */
function SeekBar({ take, gaps, handle, onSeek }: WaveformProps) {
  const words = useText(text).takes;
  const format = useFormats();
  const barRef = useRef<HTMLInputElement | null>(null);
  const { position, player, playing, jumps } = handle;
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
          const fate = gapAt(gaps, at)?.fate;
          bar.ariaValueText = words.positionText(
            format.number(at, 1),
            format.number(take.seconds, 1),
            fate ? words.fates[fate] : null,
          );
        }
      }
      if (playing) frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [position, gaps, take.seconds, playing, jumps, words, format]);
  return (
    <input
      ref={barRef}
      className="seek"
      type="range"
      min={0}
      max={player?.durationSeconds ?? take.seconds}
      step={0.05}
      defaultValue={0}
      aria-label={words.position}
      data-playing={playing}
      onInput={(event) => onSeek(event.currentTarget.valueAsNumber)}
    />
  );
}
