import type { Chance } from '@jamnet/base';
import type { StudioParts } from '../composition/studio-parts.ts';
import type { SampleMember, SampleRole } from './sample-members.ts';

/** What the evening's steps work with: the studio's real parts, the members, and chance from the seed. */
export interface EveningContext {
  readonly parts: StudioParts;
  readonly members: Readonly<Record<SampleRole, SampleMember>>;
  readonly chance: Chance;
  readonly seed: string;
  /** Epoch of the evening, from the seed. */
  readonly epochId: string;
  /** Scratch folder of the evening; may be emptied at any time between steps. */
  readonly workDirectory: string;
  readonly samplesDirectory: string;
}

/** The room the two stems meet in. */
export const SAMPLE_ROOM = 'sample-evening';
/** 128 frames at 48 kHz: 2.67 ms a packet. */
export const PACKET_FRAMES = 128;
export const SAMPLE_RATE_HZ = 48_000;
