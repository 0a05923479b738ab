import { Resampler } from '@jamnet/pnbtr';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { codedPlan, copiesPlan } from '../jellie/redundancy-plan.ts';
import { StreamReceiver } from '../peer/stream-receiver.ts';
import { StreamPlayer } from '../playout/stream-player.ts';
import { AudioBodyReader } from '../wire/audio-body.ts';
import { MEMBER } from './member.ts';

/**
 * Runs writer, reader, buffer, repair and player over many packets with losses and prints how much the heap grew without
 * a collection: `node --max-semi-space-size=64 realtime-path-main.ts PACKETS`.
 */
const FRAMES = 64;
const packets = Number(process.argv[2]);

const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: true });
const body = new AudioBodyReader();
const receiver = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: 4 });
const player = new StreamPlayer(receiver, {
  packetFrames: FRAMES,
  quantumFrames: FRAMES,
  reach: 4,
  filler: { receive: copy, conceal: silence },
  bender: new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: FRAMES }),
  benderFrames: 32,
});
const pcm = new Int16Array(FRAMES);
const out = new Float32Array(FRAMES);
const datagram = new Uint8Array(1200);
const plans = [copiesPlan([1, 3]), codedPlan(2, 6)] as const;
let checksum = 0;
let next = 0;

function copy(packet: Float32Array, target: Float32Array): void {
  target.set(packet);
}

function silence(target: Float32Array): void {
  target.fill(0);
}

function run(count: number): void {
  for (const end = next + count; next < end; next++) {
    for (let i = 0; i < FRAMES; i++) pcm[i] = ((next * FRAMES + i) * 211) % 20_000;
    writer.keep(next, pcm);
    const plan = (next >> 10) % 2 === 0 ? plans[0] : plans[1];
    const bytes = writer.write(datagram, next, next + 1, plan, 0);
    const nowUs = (next + 1) * 1333;
    if (next % 7 > 1 && body.read(subarrays[bytes] ?? datagram) === 0)
      receiver.put(next, next * FRAMES, body, datagram, 0, nowUs);
    while (receiver.fresh.shift() !== undefined);
    player.play(nowUs + 300, out);
    checksum += out[0] ?? 0;
  }
}

/** A view per length, made beforehand: the shell has its datagram's bytes anyway. */
const subarrays = Array.from({ length: 1201 }, (_, bytes) => datagram.subarray(0, bytes));
run(20_000);
const before = process.memoryUsage().heapUsed;
run(packets);
const grown = process.memoryUsage().heapUsed - before;
process.stdout.write(
  `${JSON.stringify({ packets, grownBytes: grown, checksum, played: receiver.counters })}\n`,
);
