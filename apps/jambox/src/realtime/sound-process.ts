import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { REALTIME_NODE_FLAGS } from './node-flags.ts';

/** Whether this process was started as sound needs it. */
export function isSoundProcess(): boolean {
  return REALTIME_NODE_FLAGS.every((flag) => process.execArgv.includes(flag));
}

/** Starts one of our programs as sound needs it; each line that it prints is one JSON value. */
export function startSoundProcess(
  entry: URL,
  argument: string,
  onLine: (value: unknown) => void,
  /** Our own descriptors that it gets: raw sound in as its stdin, raw sound out as its descriptor 3. */
  pipes: { readonly input?: number; readonly output?: number } = {},
): ChildProcess {
  const child = spawn(process.execPath, [...REALTIME_NODE_FLAGS, fileURLToPath(entry), argument], {
    stdio: [pipes.input ?? 'ignore', 'pipe', 'inherit', pipes.output ?? 'ignore'],
  });
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (text) => onLine(JSON.parse(text)));
  return child;
}
