import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromInt16, type TakeHeader, type TakeRecord } from '@jamnet/jdat';
import { CONSENT, limits } from '@jamnet/toast';
import type { HeardStream } from './heard-stream.ts';
import { writeTake, writeWav } from './output-files.ts';
import type { PlayOptions } from './play-options.ts';
import type { HeardReport, PlayReport } from './play-report.ts';
import { trustIn } from './stream-trust.ts';
import { heardRecords } from './take-records.ts';

const SENT_RECORD_PACKETS = 32;

interface EveningToWrite {
  readonly options: PlayOptions;
  readonly startAtUs: number;
  /** The packets that left. */
  readonly sent: readonly Int16Array[];
  readonly heard: readonly HeardStream[];
  readonly recording: { ended(): Promise<string>; readonly tape: { readonly dropped: number } };
}

/** Closes the multitrack take, writes the takes and WAV files of each stream from it, and answers the report. */
export async function writeTakes(
  evening: EveningToWrite,
): Promise<Pick<PlayReport, 'player' | 'takeFile' | 'takeBlocksDropped' | 'sent' | 'heard'>> {
  const { options, startAtUs, sent, heard, recording } = evening;
  for (const stream of heard) stream.finish();
  const takeFile = await recording.ended();
  await mkdir(options.outputDirectory, { recursive: true });
  const reports: HeardReport[] = [];
  for (const stream of heard) reports.push(await writeHeard(options, startAtUs, stream, takeFile));
  return {
    player: options.player,
    takeFile,
    takeBlocksDropped: recording.tape.dropped,
    sent: await writeSent(options, startAtUs, sent),
    heard: reports,
  };
}

async function writeSent(
  options: PlayOptions,
  startAtUs: number,
  sent: readonly Int16Array[],
): Promise<PlayReport['sent']> {
  const seconds = (sent.length * options.packetFrames) / limits.SAMPLE_RATE_HZ;
  if (!options.consent.record) return { takeFile: '', wavFile: '', seconds };
  const name = `${options.player}-sent`;
  const header = headerOf(options, startAtUs, {
    role: 'sent',
    from: options.player,
    consent: options.consent,
  });
  const records: TakeRecord[] = [];
  for (let i = 0; i < sent.length; i += SENT_RECORD_PACKETS) {
    const samples = joined(sent.slice(i, i + SENT_RECORD_PACKETS), options.packetFrames);
    records.push({ type: 'audio', atSample: i * options.packetFrames, samples });
  }
  const takeFile = await writeTake(options.outputDirectory, name, header, records);
  const wavFile = await writeWav(
    options.outputDirectory,
    name,
    fromInt16(joined(sent, options.packetFrames)),
  );
  return { takeFile, wavFile, seconds };
}

async function writeHeard(
  options: PlayOptions,
  startAtUs: number,
  stream: HeardStream,
  takeFile: string,
): Promise<HeardReport> {
  const { name } = stream;
  const tally = stream.tally();
  const bits = stream.receiver.member.consent;
  const consent = {
    record: stream.mayRecord,
    train: (bits & CONSENT.train) !== 0,
    strangers: (bits & CONSENT.strangers) !== 0,
  };
  const baseUs =
    (Math.max(0, stream.receiver.baseIndex) * options.packetFrames * 1e6) / limits.SAMPLE_RATE_HZ;
  const header = headerOf(options, startAtUs + baseUs, { role: 'heard', from: stream.from, consent });
  return {
    from: stream.from,
    takeFile: stream.mayRecord
      ? await writeTake(options.outputDirectory, name, header, heardRecords(takeFile, stream, tally.packets))
      : '',
    wavFile: stream.mayRecord ? join(options.outputDirectory, `${name}.wav`) : '',
    seconds: (tally.packets * options.packetFrames) / limits.SAMPLE_RATE_HZ,
    ...tally,
    delayMsP50: stream.delays.quantileMs(0.5),
    delayMsP99: stream.delays.quantileMs(0.99),
    driftPpm: stream.receiver.driftPpm,
    trust: trustIn(stream.remote),
    notes: notesOf(stream),
    arrived: { ...stream.remote.arrived },
  };
}

function notesOf({ notes }: HeardStream): HeardReport['notes'] {
  const { events, lost, released, foretold } = notes;
  return { events, lost, released, foretold };
}

function headerOf(
  options: PlayOptions,
  startedAtUs: number,
  rest: Pick<TakeHeader, 'role' | 'from' | 'consent'>,
): TakeHeader {
  return {
    jdat: 1,
    room: options.room,
    player: options.player,
    sampleRateHz: limits.SAMPLE_RATE_HZ,
    packetFrames: options.packetFrames,
    startedAtUs: BigInt(Math.round(startedAtUs)),
    ...rest,
  };
}

function joined(packets: readonly Int16Array[], packetFrames: number): Int16Array {
  const samples = new Int16Array(packets.length * packetFrames);
  packets.forEach((packet, i) => {
    samples.set(packet, i * packetFrames);
  });
  return samples;
}
