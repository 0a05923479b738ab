/** Colours a drawing takes from the style sheet, as the current theme has them. */
export type Palette = Readonly<Record<PaletteName, string>>;

const PALETTE_NAMES = [
  'ink',
  'ink-soft',
  'rule',
  'sheet',
  'recovered',
  'concealed',
  'late',
  'lost',
  'repaired',
] as const;
export type PaletteName = (typeof PALETTE_NAMES)[number];

/** The custom properties are registered as colours, so what comes back is a colour and no longer a formula. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = PALETTE_NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()] as const);
  // One entry per name of the closed list.
  return Object.fromEntries(entries) as Palette;
}

/** Sizes the canvas to its box in device pixels and gives a context that draws in CSS pixels; `null` while it has no box. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
): { pen: CanvasRenderingContext2D; width: number; height: number } | null {
  const width = Math.floor(canvas.clientWidth);
  const height = Math.floor(canvas.clientHeight);
  const pen = canvas.getContext('2d');
  if (width < 1 || height < 1 || pen === null) return null;
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}
