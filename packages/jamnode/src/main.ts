import { Failure } from '@jamnet/base';
import { type NodeOptions, runNode } from './node/run-node.ts';

/**
 * A node as a process: `node main.ts '{"url":"ws://127.0.0.1:8440/mesh","keyFile":"…","name":"…","ownerGroup":"…"}'`.
 * Events are JSON lines on stdout; SIGTERM and SIGINT drain. Exit 0: drained; 1: could not go on, the last line says why.
 */
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

type Argument = Omit<NodeOptions, 'signal' | 'onEvent' | 'forecaster' | 'tamper'> & {
  forecaster?: 'house-1' | 'house-2' | 'groove-1';
};

function readArgument(): Argument {
  const value: unknown = JSON.parse(process.argv[2] ?? 'null');
  const fields = typeof value === 'object' && value !== null ? value : {};
  for (const name of ['url', 'name', 'ownerGroup']) {
    if (!(name in fields)) throw new Failure('option-missing', `Give "${name}" in the JSON argument.`);
  }
  return fields as Argument; // Required fields are present; the studio refuses what is malformed in them.
}

try {
  await runNode({ ...readArgument(), signal: stop.signal, onEvent: say });
} catch (error) {
  const code = error instanceof Failure ? error.code : 'failed';
  say({ type: 'stopped', code, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
