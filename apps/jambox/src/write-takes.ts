import { mkdir } from 'node:fs/promises';
import { fromInt16, type TakeHeader, type TakeRecord } from '@jamnet/jdat';
import { CONSENT, limits } from '@jamnet/toast';
import type { HeardStream } from './heard-stream.ts';
import { writeTake, writeWav } from './output-files.ts';
import type { PlayOptions } from './play-options.ts';
import type { HeardReport, PlayReport } from './play-report.ts';
import { trustIn } from './stream-trust.ts';
import { heardRecords } from './take-records.ts';

const SENT_RECORD_PACKETS = 32;

/** Writes the takes and WAV files of an evening and answers the report. `sent` are the packets that left. */
export async function writeTakes(
  options: PlayOptions,
  startAtUs: number,
  sent: readonly Int16Array[],
  heard: readonly HeardStream[],
): Promise<Pick<PlayReport, 'player' | 'sent' | 'heard'>> {
  await mkdir(options.outputDirectory, { recursive: true });
  const reports: HeardReport[] = [];
  const names = new Set<string>();
  for (const stream of heard)
    reports.push(
      await writeHeard(options, startAtUs, stream, freeName(names, `${options.player}-heard-${stream.from}`)),
    );
  return { player: options.player, sent: await writeSent(options, startAtUs, sent), heard: reports };
}

function freeName(taken: Set<string>, wished: string): string {
  let name = wished;
  for (let n = 2; taken.has(name); n++) name = `${wished}-${n}`;
  taken.add(name);
  return name;
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
  name: string,
): Promise<HeardReport> {
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
      ? await writeTake(options.outputDirectory, name, header, heardRecords(stream.store, tally.packets))
      : '',
    wavFile: stream.mayRecord ? await writeWav(options.outputDirectory, name, stream.heardPcm()) : '',
    seconds: (tally.packets * options.packetFrames) / limits.SAMPLE_RATE_HZ,
    ...tally,
    delayMsP50: stream.delays.quantileMs(0.5),
    delayMsP99: stream.delays.quantileMs(0.99),
    driftPpm: stream.receiver.driftPpm,
    trust: trustIn(stream.remote),
    arrived: { ...stream.remote.arrived },
  };
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
