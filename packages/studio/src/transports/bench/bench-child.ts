import { Failure } from '@jamnet/base';
import { runChild } from '../../processes/child-program.ts';

export interface BenchChild {
  readonly port: number;
  /** Why it may not do its work here; empty where it does. */
  readonly refused: string;
  /** The last line that is not `listening`. */
  readonly last: () => Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts one of the bench's programs and waits until it listens. */
export async function startBenchChild(file: string, options: object): Promise<BenchChild> {
  let last: Readonly<Record<string, unknown>> = {};
  let listening: (said: { port: number; refused: string }) => void = () => undefined;
  const opened = new Promise<{ port: number; refused: string }>((resolve) => {
    listening = resolve;
  });
  const child = runChild({
    entry: new URL(file, import.meta.url),
    urgent: true,
    options,
    onLine: (line) => {
      const said = line as Readonly<Record<string, unknown>>; // JSON lines of our own programs
      if (said.type === 'listening')
        listening({ port: Number(said.port), refused: String(said.refused ?? '') });
      else last = said;
    },
  });
  const ended = child.ended.then(() => {
    throw new Failure('bench-process-failed', `${file} ended before it listened.`);
  });
  const { port, refused } = await Promise.race([opened, ended]);
  return { port, refused, last: () => last, stop: () => child.stop(500) };
}
