import type { PlayOptions } from '../play-options.ts';
import type { LiveMetrics, PlayReport } from '../play-report.ts';

/** What the engine's thread is given. */
export interface EngineJob {
  readonly options: PlayOptions;
  /** One 32-bit cell, {@link STOP_CELL}: 1 ends the own stream and leaves the room. */
  readonly stop: SharedArrayBuffer;
  /** A {@link PlaceCell}: where the room's relay is now, once it has moved. */
  readonly place: SharedArrayBuffer;
  /** Memory of {@link PcmRing}s that the main thread fills and empties. */
  readonly pipes: { readonly source: SharedArrayBuffer | null; readonly sink: SharedArrayBuffer | null };
}

export const STOP_CELL = 0;

/** Whether the relay answers. */
export type RelayState = 'silent' | 'heard';

/** What it says. */
export type EngineMessage =
  | { readonly type: 'metrics'; readonly metrics: LiveMetrics }
  | { readonly type: 'relay'; readonly state: RelayState }
  | { readonly type: 'report'; readonly report: PlayReport }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
