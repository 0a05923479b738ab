import type { TakePicture } from './take-picture.ts';
import type { TrackSound } from './track-sound.ts';

export const EXPORT_FORMATS = ['wav', 'flac', 'jdat'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A recording that this browser keeps until the studio has it. */
export interface KeptTake {
  /** Of its file. */
  readonly name: string;
  /** Empty, as the recorder is, where the file is damaged. */
  readonly room: string;
  readonly recorder: string;
  readonly bytes: number;
}

/** From the page to its recorder. */
export type ToRecorder =
  /** Tape messages come through `port`; `done` counts those that were done. */
  | { readonly type: 'begin'; readonly port: MessagePort; readonly done: SharedArrayBuffer }
  /** Whoever played is gone: what came is all there is. */
  | { readonly type: 'finish' }
  /** Which recordings are kept? Those that were cut off are closed. */
  | { readonly type: 'look' }
  | { readonly type: 'send'; readonly name: string; readonly ticket: string }
  | { readonly type: 'discard'; readonly name: string }
  | { readonly type: 'open'; readonly id: string; readonly ticket: string }
  /** The take's tracks as files to play from; until `hush` they are kept. */
  | { readonly type: 'listen'; readonly id: string; readonly ticket: string; readonly tracks: number }
  | { readonly type: 'hush'; readonly id: string }
  /** `track` counts for WAV and FLAC; a take that was not opened is fetched first. */
  | {
      readonly type: 'export';
      readonly id: string;
      readonly ticket: string;
      readonly track: number;
      readonly format: ExportFormat;
    };

/** Why something could not be done: a code of ours or of the studio, and the studio's sentence where it gave one. */
export interface RecorderFailure {
  readonly code: string;
  readonly message: string;
}

/** From the recorder to its page. */
export type FromRecorder =
  | { readonly type: 'begun' }
  /** The recording is closed; without a name nothing was recorded. */
  | { readonly type: 'written'; readonly name: string | null }
  | ({ readonly type: 'unwritten' } & RecorderFailure)
  | { readonly type: 'kept'; readonly takes: readonly KeptTake[] }
  | { readonly type: 'sending'; readonly name: string; readonly share: number }
  | { readonly type: 'sent'; readonly name: string; readonly id: string }
  | ({ readonly type: 'unsent'; readonly name: string } & RecorderFailure)
  /** `share` of fetching and reading together. */
  | { readonly type: 'opening'; readonly id: string; readonly share: number }
  | { readonly type: 'opened'; readonly id: string; readonly picture: TakePicture }
  | { readonly type: 'exported'; readonly id: string; readonly fileName: string; readonly file: Blob }
  | ({ readonly type: 'unopened'; readonly id: string } & RecorderFailure)
  | { readonly type: 'unpacking'; readonly id: string; readonly share: number }
  | { readonly type: 'audible'; readonly id: string; readonly tracks: readonly TrackSound[] }
  | ({ readonly type: 'inaudible'; readonly id: string } & RecorderFailure);
