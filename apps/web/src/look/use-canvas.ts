import { type RefObject, useEffect, useRef } from 'react';
import { fitCanvas, type Palette, paletteOf } from './canvas.ts';
import { useTheme } from './theme.ts';

export interface Board {
  readonly pen: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

/** A canvas that is drawn anew when `draw` changes (wrap it in `useCallback`), when its box does, and when the theme does. */
export function useCanvas(draw: (board: Board) => void): RefObject<HTMLCanvasElement | null> {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme changes the colours that the style sheet gives.
  useEffect(() => {
    const canvas = canvasRef.current;
    if (canvas === null) return;
    const redraw = (): void => {
      const fitted = fitCanvas(canvas);
      if (fitted !== null) draw({ ...fitted, palette: paletteOf(canvas) });
    };
    const sizes = new ResizeObserver(redraw);
    sizes.observe(canvas);
    redraw();
    return () => sizes.disconnect();
  }, [draw, theme]);
  return canvasRef;
}
