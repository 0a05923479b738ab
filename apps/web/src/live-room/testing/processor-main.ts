import { Metronome } from '@jamnet/jambox/music';
import { BeatTimeline } from '@jamnet/toast';
import { newRingBuffer, SharedRing } from '../audio/shared-ring.ts';

/**
 * Runs the sound processor as an AudioWorklet would, with the worker's end of both rings and the metronome beside it, and prints how
 * much the heap grew and how long the slowest thousandth took: `node --max-semi-space-size=64 processor-main.ts BLOCKS`.
 */
interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
type Make = new (options: {
  processorOptions: { capture: SharedArrayBuffer; playout: SharedArrayBuffer };
}) => Processor;

const FRAMES = 64;
const WARM_BLOCKS = 20_000;
const blocks = Number(process.argv[2]);
let Made: Make | null = null;
Object.assign(globalThis, {
  AudioWorkletProcessor: class {},
  registerProcessor: (_: string, processor: Make) => {
    Made = processor;
  },
});
await import('../audio/room-processor.ts');
const Registered = Made as Make | null; // set by the import above
if (Registered === null) throw new Error('no processor was registered');
const [capture, playout] = [newRingBuffer(), newRingBuffer()];
const processor = new Registered({ processorOptions: { capture, playout } });
const [captured, played] = [new SharedRing(capture), new SharedRing(playout)];
const metronome = new Metronome();
metronome.isOn = true;
const timeline = new BeatTimeline();
timeline.replace([{ id: 1, atSample: 0, bar: 0, tempoMilliBpm: 120_000, beatsPerBar: 4, isRunning: true }]);
const inputs = [[new Float32Array(FRAMES).fill(0.25)]];
const outputs = [[new Float32Array(FRAMES), new Float32Array(FRAMES)]];
const block = new Float32Array(FRAMES);
const times = new Float64Array(blocks);
let checksum = 0;

function run(count: number, keep: boolean): void {
  for (let i = 0; i < count; i++) {
    block.fill(0);
    metronome.addTo(block, i * FRAMES, timeline);
    played.write(block);
    const begun = performance.now();
    processor.process(inputs, outputs);
    if (keep) times[i] = performance.now() - begun;
    captured.read(block);
    checksum += (outputs[0]?.[1]?.[0] ?? 0) + (block[0] ?? 0);
  }
}

run(WARM_BLOCKS, false);
const before = process.memoryUsage().heapUsed;
run(blocks, true);
const grownBytes = process.memoryUsage().heapUsed - before;
times.sort();
const report = {
  blocks,
  grownBytes,
  checksum,
  blockMsP999: times[Math.floor(0.999 * blocks)],
  starved: played.starved,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
