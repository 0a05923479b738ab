import { readdirSync, readFileSync } from 'node:fs';

/** What a thread of the coordinator's process is for. `collector`: V8's own, which mark its heap and compile. */
export type ThreadPart = 'main' | 'hash' | 'collector' | 'files' | 'other';

/** Nanoseconds of processor time. */
export type ThreadTime = Readonly<Record<ThreadPart, number>>;

/** Names that Node, V8 and ourselves give to threads; Linux keeps fifteen characters of each. */
const PARTS: Readonly<Record<string, ThreadPart>> = {
  V8Worker: 'collector',
  'libuv-worker': 'files',
  'hash-results': 'hash',
};

/** Of this process until now, by its threads that are alive; `null` where the system does not tell (all but Linux). */
export function readThreadTime(): ThreadTime | null {
  const main = nanosecondsOf(process.pid);
  if (main === null) return null;
  const time = { main, hash: 0, collector: 0, files: 0, other: 0 };
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    if (thread === process.pid) continue;
    time[partOf(thread)] += nanosecondsOf(thread) ?? 0;
  }
  return time;
}

function partOf(thread: number): ThreadPart {
  return PARTS[read(thread, 'comm')?.trim() ?? ''] ?? 'other';
}

/** First number of `schedstat`: time spent on a processor. */
function nanosecondsOf(thread: number): number | null {
  const time = Number.parseInt(read(thread, 'schedstat') ?? '', 10);
  return Number.isNaN(time) ? null : time;
}

/** `null`: there is no such file, or the thread has ended. */
function read(thread: number, file: string): string | null {
  try {
    return readFileSync(`/proc/self/task/${thread}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

/** Microseconds of each part for one of `tasks`, between two readings. */
export function timePerTask(
  before: ThreadTime | null,
  after: ThreadTime | null,
  tasks: number,
): ThreadTime | null {
  if (before === null || after === null || tasks === 0) return null;
  const of = (part: ThreadPart): number => Math.round((after[part] - before[part]) / 1000 / tasks);
  return {
    main: of('main'),
    hash: of('hash'),
    collector: of('collector'),
    files: of('files'),
    other: of('other'),
  };
}

/** Where the time goes, and what the dearest thread allows with a core of its own. */
export function boundSentence(perTask: ThreadTime | null): string | null {
  if (perTask === null) return null;
  const [[part, us] = ['main', 0]] = Object.entries(perTask).sort((a, b) => b[1] - a[1]);
  const all = Object.values(perTask).reduce((sum, each) => sum + each, 0);
  const threads = part === 'main' || part === 'hash' ? `the ${part} thread` : `the threads of "${part}"`;
  if (us === 0) return null;
  return `${threads}: ${us} of ${all} µs of processor time a task; with a core of its own it allows ${Math.floor(1e6 / us)} tasks a second`;
}
