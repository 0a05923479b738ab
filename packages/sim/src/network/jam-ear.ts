import { Concealer, Resampler } from '@jamnet/pnbtr';
import { type HoleFiller, StreamPlayer, type StreamReceiver } from '@jamnet/toast';
import { jamSignal, PACKET_FRAMES } from './jam-signal.ts';

/** What one ear got from one speaker in one stretch of time. */
export interface EarCount {
  heard: number;
  missing: number;
  /** Packets whose samples differ from what was sent, and sound that is not finite or exceeds full scale. */
  wrong: number;
  /** The most samples that the ear was behind what the speaker's card had taken. */
  behindSamples: number;
}

export interface EarMoment {
  /** Whole packets since the room's start by the listener's card, and the listener's clock. */
  readonly period: number;
  readonly localUs: number;
  /** Samples of the stream that the speaker's card has taken by now. */
  readonly spokenSamples: number;
}

/** One listener's ear for one stream. */
export interface JamEar {
  hear(moment: EarMoment, count: EarCount): void;
}

/** An ear on the packet grid, as the native peer has it: every packet as it was sent, or missing. */
export class GridEar implements JamEar {
  readonly #stream: StreamReceiver;
  readonly #speaker: number;
  readonly #out = new Float32Array(PACKET_FRAMES);

  constructor(stream: StreamReceiver, speaker: number) {
    this.#stream = stream;
    this.#speaker = speaker;
  }

  hear({ period, spokenSamples }: EarMoment, count: EarCount): void {
    const pull = this.#stream.pull(period, this.#out);
    if (pull === 'missing') count.missing++;
    if (pull !== 'own' && pull !== 'recovered') return;
    count.heard++;
    if (!isSent(this.#speaker, this.#stream.lastIndex, this.#out)) count.wrong++;
    const ended = (this.#stream.lastIndex + 1) * PACKET_FRAMES;
    count.behindSamples = Math.max(count.behindSamples, spokenSamples - ended + PACKET_FRAMES);
  }
}

/** An ear with a card of its own, as the browser has it: packets decoded, holes filled, drift resampled away. */
export class CardEar implements JamEar {
  readonly player: StreamPlayer;
  readonly #out = new Float32Array(PACKET_FRAMES);
  #count: EarCount | null = null;

  constructor(stream: StreamReceiver, speaker: number, reach: number, isConcealed: boolean) {
    const filler: HoleFiller = isConcealed
      ? new Concealer({ sampleRateHz: 48_000, packetFrames: PACKET_FRAMES })
      : { receive: (packet, out) => out.set(packet), conceal: (out) => out.fill(0) };
    this.player = new StreamPlayer(stream, {
      packetFrames: PACKET_FRAMES,
      quantumFrames: PACKET_FRAMES,
      reach,
      filler: {
        receive: (packet, out) => {
          this.#note((count) => {
            count.heard++;
            if (!isSent(speaker, stream.lastIndex, packet)) count.wrong++;
          });
          filler.receive(packet, out);
        },
        conceal: (out) => {
          this.#note((count) => count.missing++);
          filler.conceal(out);
        },
      },
      bender: new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: PACKET_FRAMES }),
      benderFrames: 32,
    });
  }

  #note(change: (count: EarCount) => void): void {
    if (this.#count !== null) change(this.#count);
  }

  hear({ localUs, spokenSamples }: EarMoment, count: EarCount): void {
    this.#count = count;
    this.player.play(localUs, this.#out);
    this.#count = null;
    if (!this.#out.every((sample) => Math.abs(sample) <= 1)) count.wrong++;
    if (this.player.heardSample < 0) return;
    const behind = spokenSamples - this.player.heardSample + PACKET_FRAMES;
    count.behindSamples = Math.max(count.behindSamples, behind);
  }
}

function isSent(speaker: number, index: number, heard: Float32Array): boolean {
  const sent = jamSignal(speaker, index);
  for (let i = 0; i < sent.length; i++) if ((sent[i] ?? 0) / 32_768 !== heard[i]) return false;
  return true;
}
