/**
 * Writes `samples/traces/*.txt`, the loss traces that the project ships: one digit per packet, 1 for lost.
 * Run: `node scripts/samples/make-traces.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { seededChance } from '@jamnet/base';
import { burstLoss, generateTrace, traceText } from '../../packages/sim/src/network/gilbert-elliott.ts';

/** 60 s of packets of 128 frames at 48 kHz. */
const PACKETS = 22_500;
const SHARE = 0.04;
/**
 * Mean burst in packets: 10.7 ms. The median burst in 1.14 M RTP packets over real Wi-Fi is 10 ms (roc-streaming/qa);
 * the simple Gilbert model is Hasslinger and Hohlfeld's (MMB 2008) with loss only in the bad state.
 */
const MEAN_BURST_PACKETS = 4;

const directory = new URL('../../samples/traces/', import.meta.url);
mkdirSync(directory, { recursive: true });
const trace = generateTrace(
  burstLoss(SHARE, MEAN_BURST_PACKETS),
  PACKETS,
  seededChance('samples/traces/burst-4pct'),
);
const head = `# Gilbert model: ${100 * SHARE} % loss, mean burst ${MEAN_BURST_PACKETS} packets of 2.67 ms; scripts/samples/make-traces.ts\n`;
writeFileSync(new URL('burst-4pct.txt', directory), head + traceText(trace));
