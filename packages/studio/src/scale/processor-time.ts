import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of one process by its threads, µs. */
export interface ProcessorTime {
  readonly mainUs: number;
  readonly othersUs: number;
}

/** Until now, of threads that are alive; `null` where the system does not tell (all but Linux) or the process is gone. */
export function processorTimeOf(pid: number): ProcessorTime | null {
  const mainUs = threadUs(pid, pid);
  if (mainUs === null) return null;
  let othersUs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`).map(Number))
    if (thread !== pid) othersUs += threadUs(pid, thread) ?? 0;
  return { mainUs, othersUs };
}

/** First number of `schedstat`: nanoseconds on a processor. */
function threadUs(pid: number, thread: number): number | null {
  try {
    const time = Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'), 10);
    return Number.isNaN(time) ? null : time / 1000;
  } catch {
    return null; // There is no such file, or the thread has ended.
  }
}

/** A process as the report names it. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
}

/** What a process spent on one piece of work, µs. */
export interface Spent {
  readonly process: string;
  readonly mainUs: number;
  readonly othersUs: number;
}

/** Reads now; the answer reads again and divides by the pieces that were done meanwhile. */
export function watch(processes: readonly Watched[]): (pieces: number) => Spent[] {
  const before = processes.map(({ pid }) => processorTimeOf(pid));
  return (pieces) =>
    processes.flatMap(({ name, pid }, index) => {
      const [from, to] = [before[index], processorTimeOf(pid)];
      if (!from || !to || pieces === 0) return [];
      const each = (us: number): number => Math.round(us / pieces);
      return [
        { process: name, mainUs: each(to.mainUs - from.mainUs), othersUs: each(to.othersUs - from.othersUs) },
      ];
    });
}

/** The dearest process, and what its main thread allows with a core of its own where that does most; `null` without figures. */
export function bottleneckOf(what: string, spent: readonly Spent[]): string | null {
  const total = ({ mainUs, othersUs }: Spent): number => mainUs + othersUs;
  const [dearest] = [...spent].sort((a, b) => total(b) - total(a));
  if (!dearest || total(dearest) === 0) return null;
  const all = spent.reduce((sum, each) => sum + total(each), 0);
  const said = `${what}: ${dearest.process}, ${total(dearest)} of ${all} µs of processor time each`;
  if (dearest.mainUs < dearest.othersUs) return said;
  return `${said}; ${dearest.mainUs} in its main thread, which with a core of its own allows ${Math.floor(1e6 / dearest.mainUs)} a second`;
}
