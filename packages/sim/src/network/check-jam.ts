import { VirtualJam } from './virtual-jam.ts';

/** After the faults are healed everybody must hear everybody within this time. */
const HEAL_US = 1_000_000;
const LISTEN_US = 300_000;
/** A buffer of 200 ms, the way, the steering's reach of 60 ms and two quanta: no ear lies further behind the speaker's card. */
export const BEHIND_SAMPLES_MAX = 0.3 * 48_000;
/** On the packet grid a buffer of 200 ms in packets of 128 frames. */
const DELAY_PACKETS_MAX = 75;

export interface JamVerdict {
  readonly seed: string;
  /** The faults that the seed drew, as JSON. */
  readonly plan: string;
  /** What went wrong; empty for a run as it should be. */
  readonly faults: readonly string[];
  /** The most that an ear was behind after healing, ms. */
  readonly behindMs: number;
  /** Packets that ears missed while the faults lasted: without harm nothing is shown. */
  readonly missed: number;
}

/** Plays one seed: faults, healing, and what every ear must have by then. */
export function checkJam(seed: string): JamVerdict {
  const jam = new VirtualJam(seed);
  const { healedUs } = jam.plan;
  const during = jam.runUntil(healedUs);
  const healing = jam.runUntil(healedUs + HEAL_US);
  jam.endNotes();
  const healed = jam.runUntil(healedUs + HEAL_US + LISTEN_US);
  const faults: string[] = [];
  const expected = new Set(linksOf(jam));
  let behindSamples = 0;
  for (const link of expected) {
    const count = healed.get(link);
    if (count === undefined || count.heard < 90) faults.push(`${link} is not heard after healing`);
    else if (count.missing > 0) faults.push(`${link} misses ${count.missing} packets after healing`);
    behindSamples = Math.max(behindSamples, count?.behindSamples ?? 0);
  }
  if (behindSamples > BEHIND_SAMPLES_MAX) faults.push(`an ear is ${behindSamples} samples behind`);
  for (const [link, count] of [...during, ...healing, ...healed])
    if (count.wrong > 0) faults.push(`${link} heard ${count.wrong} wrong packets`);
  faults.push(...roomFaults(jam));
  const missed = [...during.values()].reduce((sum, count) => sum + count.missing, 0);
  return { seed, plan: JSON.stringify(jam.plan), faults, behindMs: behindSamples / 48, missed };
}

/** `listener<speaker` for everybody who is there at the end. */
function linksOf(jam: VirtualJam): string[] {
  const speakers = jam.staying.filter((member) => !member.isListener);
  return jam.staying.flatMap((listener) =>
    speakers.filter((speaker) => speaker !== listener).map((speaker) => `${listener.name}<${speaker.name}`),
  );
}

/** Beat, notes and sizes once everything is healed. */
function roomFaults(jam: VirtualJam): string[] {
  const faults: string[] = [];
  const beats = new Set(jam.staying.map((member) => JSON.stringify(member.session.timeline.entries)));
  if (beats.size > 1) faults.push(`the beat differs: ${[...beats].join(' | ')}`);
  for (const member of jam.staying) {
    const { sounding, strange } = member.notesHeard();
    if (sounding > 0) faults.push(`${member.name} hears ${sounding} notes that nobody holds`);
    if (strange > 0) faults.push(`${member.name} got ${strange} notes twice or out of order`);
  }
  const { delayPackets, waiting, streams } = jam.sizes();
  if (delayPackets > DELAY_PACKETS_MAX) faults.push(`a delay of ${delayPackets} packets`);
  if (waiting > 0) faults.push(`${waiting} datagrams wait`);
  if (streams > 2 * jam.members.length) faults.push(`${streams} streams of ${jam.members.length} members`);
  return faults;
}
