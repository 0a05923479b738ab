import type { TakeRecord } from '@jamnet/jdat';
import { EAR, type PacketStore } from './packet-store.ts';

/** Audio records are joined up to this length. */
const RECORD_FRAMES_MAX = 8192;

type Fate = 'recovered' | 'late' | 'lost';

/**
 * The take of what one listener received: audio of every packet of which any copy came, late ones included, and
 * spans where the network did something: `recovered` (played from a copy), `late` (came, but not in time for the
 * ear), `lost` (no copy ever came). Ordered by place, audio before a span of the same place.
 */
export function heardRecords(store: PacketStore, packets: number): TakeRecord[] {
  const audio = runs(packets, RECORD_FRAMES_MAX / store.packetFrames, (i) =>
    store.samples(i) === null ? null : 'audio',
  );
  const spans = runs(packets, RECORD_FRAMES_MAX, (i) => fateOf(store, i));
  const records: TakeRecord[] = [
    ...audio.map((run) => audioRecord(store, run)),
    ...spans.map(
      (run): TakeRecord => ({
        type: 'span',
        atSample: run.first * store.packetFrames,
        frames: run.count * store.packetFrames,
        fate: run.what,
      }),
    ),
  ];
  return records.sort((a, b) => a.atSample - b.atSample);
}

function fateOf(store: PacketStore, index: number): Fate | null {
  if (store.samples(index) === null) return 'lost';
  const ear = store.ear(index);
  return ear === EAR.recovered ? 'recovered' : ear === EAR.concealed ? 'late' : null;
}

interface Run<T> {
  readonly first: number;
  readonly what: T;
  count: number;
}

/** Neighbouring packets of which `of` says the same, at most `countMax` in one run. */
function runs<T extends string>(
  packets: number,
  countMax: number,
  of: (index: number) => T | null,
): Run<T>[] {
  const found: Run<T>[] = [];
  for (let index = 0; index < packets; index++) {
    const what = of(index);
    if (what === null) continue;
    const last = found.at(-1);
    if (
      last !== undefined &&
      last.what === what &&
      last.first + last.count === index &&
      last.count < countMax
    )
      last.count++;
    else found.push({ first: index, what, count: 1 });
  }
  return found;
}

function audioRecord(store: PacketStore, run: Run<string>): TakeRecord {
  const samples = new Int16Array(run.count * store.packetFrames);
  for (let i = 0; i < run.count; i++) samples.set(store.samples(run.first + i) ?? [], i * store.packetFrames);
  return { type: 'audio', atSample: run.first * store.packetFrames, samples };
}
