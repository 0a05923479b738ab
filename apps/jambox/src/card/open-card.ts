import { limits, type MidiEvent } from '@jamnet/toast';
import { readInputWav } from '../input-wav.ts';
import type { PlayOptions } from '../play-options.ts';
import { AlsaCard } from './alsa-card.ts';
import { type Card, FileInput } from './card.ts';
import type { PcmRing } from './pcm-ring.ts';
import { PipeCard } from './pipe-card.ts';
import { newSamples, type Samples } from './samples.ts';
import { VirtualCard } from './virtual-card.ts';

const FILE_SECONDS_MAX = 1800;
/** The room stays open so long behind the last note of a file. */
const AFTER_NOTES_FRAMES = 24_000;

export interface CardPipes {
  readonly source: PcmRing | null;
  readonly sink: PcmRing | null;
}

export interface OpenedCard {
  readonly card: Card;
  /** What is played, packet by packet, where it comes from a file; `null` where it can be heard only once. */
  readonly packets: readonly Samples[] | null;
}

/** The card that the options name: a device, a pipe, or without either one that only the machine's clock drives. */
export async function openCard(
  options: PlayOptions,
  periodUs: number,
  notes: readonly MidiEvent[],
  pipes: CardPipes,
): Promise<OpenedCard> {
  const {
    inputWav,
    packetFrames,
    secondsMax = FILE_SECONDS_MAX,
    device,
    cardPhaseUs = 0,
    cardPpm = 0,
    sampleBits = 16,
  } = options;
  const isLive = inputWav === undefined && (device !== undefined || pipes.source !== null);
  const sound =
    inputWav === undefined ? [] : await readInputWav(inputWav, packetFrames, secondsMax, sampleBits);
  const packets = throughNotes(sound, notes, newSamples(sampleBits, packetFrames), secondsMax);
  const input = new FileInput(packets);
  const played = isLive ? null : packets;
  if (device !== undefined)
    return { card: new AlsaCard({ device, packetFrames, input: isLive ? null : input }), packets: played };
  if (pipes.source !== null || pipes.sink !== null)
    return { card: new PipeCard({ periodUs, packetFrames, input, ...pipes }), packets: played };
  return { card: new VirtualCard({ periodUs, phaseUs: cardPhaseUs, ppm: cardPpm, input }), packets };
}

/** Sound lasts as long as the notes: others stay as long as it does. */
function throughNotes(
  sound: readonly Samples[],
  notes: readonly MidiEvent[],
  silence: Samples,
  secondsMax: number,
): readonly Samples[] {
  const last = notes.at(-1);
  if (last === undefined) return sound;
  const frames = Math.min(last.atSample + AFTER_NOTES_FRAMES, secondsMax * limits.SAMPLE_RATE_HZ);
  const missing = Math.max(0, Math.ceil(frames / silence.length) - sound.length);
  return [...sound, ...new Array<Samples>(missing).fill(silence)];
}
