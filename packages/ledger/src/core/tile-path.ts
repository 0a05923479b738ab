import { TILE_WIDTH } from './tile-tree.ts';

/** Where a published log keeps its newest checkpoint. */
export const CHECKPOINT_PATH = 'checkpoint';

/** `tile/<L>/<N>[.p/<W>]` of C2SP tlog-tiles; `width` 256 means the full tile. */
export function tilePath(level: number, index: number, width: number): string {
  return `tile/${level}/${groupedIndex(index)}${partialSuffix(width)}`;
}

/** `tile/entries/<N>[.p/<W>]`: the entries whose hashes are the level-0 tile of the same index. */
export function bundlePath(index: number, width: number): string {
  return `tile/entries/${groupedIndex(index)}${partialSuffix(width)}`;
}

function partialSuffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

/** Three-digit groups, all but the last with `x` before them: 1234067 is `x001/x234/067`. */
function groupedIndex(index: number): string {
  let text = pad(index % 1000);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    text = `x${pad(rest % 1000)}/${text}`;
  }
  return text;
}

function pad(group: number): string {
  return String(group).padStart(3, '0');
}
