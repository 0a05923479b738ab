import type { ClipSource } from './trial/trial-clips.ts';

/** What a judge needs to leave what curators are to hear. */
export interface HearingOptions {
  /** Folder of clips, see `TrialClips`. */
  readonly clips: string;
  /** Draws what is lost in them; secret. */
  readonly seed: string;
  /** Of each held-out performance or sound: whose it is, `null` for a file's, `false` where strangers must not hear it. */
  readonly sources: readonly (ClipSource | null | false)[];
}

/** These members alone, as they travel to a child. */
export function hearingOf({ clips, seed, sources }: HearingOptions): HearingOptions {
  return { clips, seed, sources };
}
