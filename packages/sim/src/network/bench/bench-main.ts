import { pathToFileURL } from 'node:url';
import { benchTable } from './bench-report.ts';
import { benchToast } from './bench-toast.ts';

/**
 * `node bench-main.ts RELAY_ENTRY [SECONDS_PER_ROW] [PHASES] [FRAMES] [ROWS] [REPEATS]`: each row as a JSON line and at last the
 * table on stderr, the report on stdout.
 * Example: `node packages/sim/src/network/bench/bench-main.ts packages/studio/src/relay/main.ts 60 8 64,128`.
 */
const [
  relay = 'packages/studio/src/relay/main.ts',
  seconds = '10',
  phases = '2',
  frames = '64',
  rows,
  repeats = '1',
] = process.argv.slice(2);
const count = Math.max(1, Number(phases) || 1);
const report = await benchToast({
  relayEntry: pathToFileURL(relay),
  secondsPerRow: Number(seconds) || 10,
  packetFrames: frames.split(',').map((each) => (each === '128' ? 128 : 64)),
  phases: Array.from({ length: count }, (_, i) => (i + 0.5) / count),
  repeats: Math.max(1, Number(repeats) || 1),
  ...(rows === undefined || rows === 'all' ? {} : { impairments: rows.split(',') }),
  seed: '1',
  onRun: (run) => process.stderr.write(`${JSON.stringify(run)}\n`),
});
process.stderr.write(`${benchTable(report)}\n`);
process.stdout.write(`${JSON.stringify(report)}\n`);
