import { LineProcess } from './line-process.ts';

const END_ENTRY = new URL('./bare-end-main.ts', import.meta.url);
const REFLECTOR_ENTRY = new URL('./reflector-main.ts', import.meta.url);
/** A sealed datagram of 64 frames of 16 bits with one packed copy has about so many. */
const DATAGRAM_BYTES = 250;

/**
 * What the machine itself makes late: a speaker's thread that wakes at the end of each period, one that sends on, one that
 * listens, each in a process of its own at the players' priority, and nothing of TOAST in any of them. Answers for each
 * datagram how long after its period's end it was read, µs; infinite for one that never came.
 */
export async function playBareChain(packets: number, periodUs: number): Promise<readonly number[]> {
  const processes: LineProcess[] = [];
  const start = (entry: URL, options: object): LineProcess => {
    const child = new LineProcess(entry, options);
    processes.push(child);
    return child;
  };
  try {
    const reflector = start(REFLECTOR_ENTRY, { players: 2 });
    const { port } = await reflector.line('listening');
    const end = { port, packets, periodUs, bytes: DATAGRAM_BYTES };
    const listener = start(END_ENTRY, { ...end, role: 'listener' });
    await listener.line('ready');
    start(END_ENTRY, { ...end, role: 'speaker' });
    const lateUs = (await listener.line('closed')).lateUs as number[]; // printed by bare-end-main.ts
    return [...lateUs, ...Array<number>(packets - lateUs.length).fill(Number.POSITIVE_INFINITY)];
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
  }
}

/** Percent of `lateUs` beyond `slackUs`. */
export function latePercent(lateUs: readonly number[], slackUs: number): number {
  return (100 * lateUs.filter((each) => each > slackUs).length) / Math.max(1, lateUs.length);
}
