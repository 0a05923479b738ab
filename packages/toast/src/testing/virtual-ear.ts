import { seededChance } from '@jamnet/base';
import { Resampler } from '@jamnet/pnbtr';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { NO_REDUNDANCY } from '../jellie/redundancy-plan.ts';
import { StreamReceiver } from '../peer/stream-receiver.ts';
import { StreamPlayer } from '../playout/stream-player.ts';
import { AudioBodyReader } from '../wire/audio-body.ts';
import { MEMBER } from './member.ts';

const FRAMES = 64;
const WAY_US = 3_000;

/** What an ear got of a stream, second by second. */
export interface HeardSeconds {
  /** Packets that were made up, those included that the ear waited for. */
  readonly missed: Float64Array;
  /** Buffer at the end of each second, µs. */
  readonly bufferUs: Float64Array;
}

/**
 * A loud stream without redundancy to an ear on a card of its own, both up to 200 ppm off: `delayUs` says how much longer than
 * the quickest a packet takes that is sent at a time in seconds.
 */
export function hearSeconds(
  seed: string,
  seconds: number,
  delayUs: (atSeconds: number, unit: () => number) => number,
): HeardSeconds {
  const chance = seededChance(seed);
  const unit = (): number => chance.unit();
  const missed = new Float64Array(seconds);
  const bufferUs = new Float64Array(seconds);
  let nowUs = 0;
  const second = (): number => Math.min(seconds - 1, Math.floor(nowUs / 1e6));
  const receiver = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: 0 });
  const player = new StreamPlayer(receiver, {
    packetFrames: FRAMES,
    quantumFrames: FRAMES,
    reach: 0,
    filler: {
      receive: (packet, out) => out.set(packet),
      conceal: (out) => {
        out.fill(0);
        missed[second()] = (missed[second()] ?? 0) + 1;
      },
    },
    bender: new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: FRAMES }),
    benderFrames: 32,
  });
  const link = new LoudLink(receiver);
  const packetUs = (FRAMES / 0.048) * (1 - (chance.below(401) - 200) / 1e6);
  const quantumUs = (FRAMES / 0.048) * (1 - (chance.below(401) - 200) / 1e6);
  const out = new Float32Array(FRAMES);
  for (let quantum = 1; quantum * quantumUs < seconds * 1e6; quantum++) {
    nowUs = quantum * quantumUs;
    for (; (link.sent + 1) * packetUs <= nowUs; ) {
      const sentUs = (link.sent + 1) * packetUs;
      link.send(sentUs + WAY_US + delayUs(sentUs / 1e6, unit));
    }
    link.deliver(nowUs);
    player.play(nowUs + 200 * unit() ** 4, out);
    bufferUs[second()] = player.bufferUs;
  }
  return { missed, bufferUs };
}

/** Datagrams under way, in the order in which they come. */
class LoudLink {
  sent = 0;
  readonly #receiver: StreamReceiver;
  readonly #writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  readonly #body = new AudioBodyReader();
  readonly #loud = Int16Array.from({ length: FRAMES }, (_, i) => 9000 * Math.sin(i / 5));
  readonly #underWay: { readonly sequence: number; readonly atUs: number; readonly bytes: Uint8Array }[] = [];

  constructor(receiver: StreamReceiver) {
    this.#receiver = receiver;
  }

  send(atUs: number): void {
    const sequence = this.sent++;
    this.#writer.keep(sequence, this.#loud);
    const bytes = new Uint8Array(200);
    const length = this.#writer.write(bytes, sequence, sequence + 1, NO_REDUNDANCY, 0);
    this.#underWay.push({ sequence, atUs, bytes: bytes.subarray(0, length) });
  }

  deliver(nowUs: number): void {
    this.#underWay.sort((a, b) => a.atUs - b.atUs);
    while ((this.#underWay[0]?.atUs ?? Number.POSITIVE_INFINITY) <= nowUs) {
      const next = this.#underWay.shift();
      if (next === undefined || this.#body.read(next.bytes) !== 0) return;
      this.#receiver.put(next.sequence, next.sequence * FRAMES, this.#body, next.bytes, 0, next.atUs);
      while (this.#receiver.fresh.shift() !== undefined);
    }
  }
}
