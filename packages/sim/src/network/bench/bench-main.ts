import { pathToFileURL } from 'node:url';
import { benchToast } from './bench-toast.ts';

/**
 * `node bench-main.ts RELAY_ENTRY [SECONDS] [PHASES] [FRAMES] [ROWS]`: prints each row as a JSON line, then the report.
 * Example: `node packages/sim/src/network/bench/bench-main.ts packages/studio/src/relay/main.ts 60 8 64,128`.
 */
const [relay = 'packages/studio/src/relay/main.ts', seconds = '10', phases = '2', frames = '64', rows] =
  process.argv.slice(2);
const count = Math.max(1, Number(phases) || 1);
const report = await benchToast({
  relayEntry: pathToFileURL(relay),
  secondsPerRun: Number(seconds) || 10,
  packetFrames: frames.split(',').map((each) => (each === '128' ? 128 : 64)),
  phases: Array.from({ length: count }, (_, i) => (i + 0.5) / count),
  ...(rows === undefined ? {} : { impairments: rows.split(',') }),
  seed: '1',
  onRun: (run) => process.stderr.write(`${JSON.stringify(run)}\n`),
});
process.stdout.write(`${JSON.stringify(report)}\n`);
