import { useCallback, useMemo } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { type Board, useCanvas } from '../look/use-canvas.ts';
import { text } from '../text/text.ts';
import { drawCloseUp } from './draw-waveform.ts';
import type { Gap } from './spans.ts';
import type { PlayerHandle } from './use-player.ts';
import { loupeFocus, loupeWindow } from './waveform-geometry.ts';

export interface LoupeProps {
  readonly handle: PlayerHandle;
  readonly gaps: readonly Gap[];
  /** The gap to look at; without one, the place where the playhead was set. */
  readonly gap: Gap | null;
  readonly atSeconds: number;
}

/** A close-up of one gap from the very samples that are played. */
export function Loupe({ handle, gaps, gap, atSeconds }: LoupeProps) {
  const words = useText(text).takes;
  const format = useFormats();
  const { player, variant } = handle;
  const { centre, spanSeconds } = loupeFocus(gap, atSeconds);
  const view = useMemo(() => {
    if (player === null) return null;
    return {
      ...loupeWindow(centre, spanSeconds, player.durationSeconds),
      sent: player.samples('sent'),
      chosen: player.samples(variant),
      sampleRateHz: player.sampleRateHz,
      gaps,
    };
  }, [player, variant, gaps, centre, spanSeconds]);
  const draw = useCallback(
    (board: Board) => {
      if (view !== null) drawCloseUp(board, view);
    },
    [view],
  );
  const canvasRef = useCanvas(draw);
  return (
    <figure className="loupe">
      <canvas
        ref={canvasRef}
        role="img"
        aria-label={words.loupeLabel(words.variants[variant], format.number(centre, 2))}
      />
      <figcaption>
        {view === null ? (
          words.loupeHint
        ) : (
          <>
            <span>{words.loupeTitle(format.number(1000 * (view.to - view.from)))}</span>
            {variant !== 'sent' && (
              <span>
                <i className="dot fate-repaired" />
                {words.loupeSent}
              </span>
            )}
          </>
        )}
      </figcaption>
    </figure>
  );
}
