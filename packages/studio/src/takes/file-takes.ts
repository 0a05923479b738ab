import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, present } from '@jamnet/base';
import type { HeardReport, PlayReport } from '@jamnet/jambox';
import { contentHash, type Take } from '@jamnet/jdat';
import type { TakeSpanView, TakeView } from '../live/studio-state.ts';
import { readTake } from './read-take.ts';
import type { TakeStore } from './take-store.ts';

/** A filed take in short. */
export type FiledTake = Omit<TakeView, 'late' | 'sampleRateHz' | 'spans' | 'variants'>;

/**
 * Files what each peer heard, beside what was sent, under an id that follows from the sound and the listener; and each peer's multitrack
 * take as if it had been uploaded.
 */
export async function fileTakes(store: TakeStore, reports: readonly PlayReport[]): Promise<FiledTake[]> {
  for (const { takeFile } of reports) {
    const filed = takeFile === '' ? null : await store.archive.addFile(takeFile, { isMended: true });
    if (filed?.ok === false) throw new Failure(filed.code, `${takeFile}: ${filed.message}`);
  }
  const takes = reports.flatMap((report) =>
    report.heard.map((heard) => fileTake(store, report, heard, reports)),
  );
  return takes.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function fileTake(
  store: TakeStore,
  report: PlayReport,
  heard: HeardReport,
  reports: readonly PlayReport[],
): FiledTake {
  const { sent } = present(
    reports.find((other) => other.player === heard.from),
    `report of ${heard.from}`,
  );
  const sentTake = readTake(sent.takeFile);
  const id = takeId(contentHash(sentTake), report.player);
  const folder = store.createFolder(id);
  copyFileSync(heard.wavFile, join(folder, 'heard.wav'));
  copyFileSync(heard.takeFile, join(folder, 'heard.jdat'));
  copyFileSync(sent.wavFile, join(folder, 'sent.wav'));
  copyFileSync(sent.takeFile, join(folder, 'sent.jdat'));
  const { packets, lost, recovered, concealed, late, seconds, delayMsP50, delayMsP99, from } = heard;
  const result = {
    id,
    player: report.player,
    from,
    seconds,
    packets,
    lost,
    recovered,
    concealed,
    delayMsP50,
    delayMsP99,
  };
  const view: TakeView = {
    ...result,
    late,
    sampleRateHz: sentTake.header.sampleRateHz,
    spans: spansOf(readTake(heard.takeFile)),
    variants: ['sent', 'heard'],
  };
  store.writeView(view);
  return result;
}

/** Losses and late packets differ from run to run with the machine's stalls; what was sent and who listened do not. */
function takeId(sentContentHash: string, listener: string): string {
  return createHash('sha256')
    .update(`jamnet/heard/v1\0${sentContentHash}\0${listener}`)
    .digest('hex')
    .slice(0, 40);
}

/** A span in which no copy ever came was filled by PNBTR when it was played. */
function spansOf(take: Take): TakeSpanView[] {
  return take.records.flatMap((record): TakeSpanView[] => {
    if (record.type !== 'span') return [];
    const { atSample, frames, fate } = record;
    return [{ atSample, frames, fate: fate === 'lost' ? 'concealed' : fate }];
  });
}
