import { readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { parsePlayOptions } from './play-options.ts';
import { runPeer, SOUND_DESCRIPTOR } from './run-peer.ts';

/**
 * A player as a process of its own: `node main.ts OPTIONS`, OPTIONS being JSON or the path of a JSON file (PlayOptions).
 * Raw sound comes by stdin and goes by descriptor 3 where the options say so. Prints JSON lines: `live` about four times a second, then `report`, or `error` with a code. SIGTERM leaves cleanly.
 * Exit status: 0 played, 1 failed, 2 options malformed.
 */
function readOptions(argument: string | undefined): unknown {
  if (argument === undefined) return null;
  try {
    return JSON.parse(argument.trimStart().startsWith('{') ? argument : readFileSync(argument, 'utf8'));
  } catch {
    return null;
  }
}

// Whoever started this process and reads its lines is gone: nobody needs it any more.
process.stdout.on('error', () => process.exit(1));

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const options = parsePlayOptions(readOptions(process.argv[2]));
if (!options.ok) {
  print({ type: 'error', code: options.code, message: options.message });
  process.exitCode = 2;
} else {
  const leaving = new AbortController();
  // A stop that reaches the whole group comes twice, the second time from our parent.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => leaving.abort());
  try {
    print({
      type: 'report',
      report: await runPeer(options.value, {
        onMetrics: print,
        signal: leaving.signal,
        outputDescriptor: SOUND_DESCRIPTOR,
      }),
    });
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'unexpected';
    print({ type: 'error', code, message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
}
