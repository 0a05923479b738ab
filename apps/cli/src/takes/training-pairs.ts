import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WavFile } from '@jamnet/jambox/takes';
import { type LossRecord, lossTrace, type TrackState } from '@jamnet/jdat';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readTake } from './take-summary.ts';

/** As sent, and what the network did to it: what a concealer learns from. */
export interface TrainingPair {
  readonly from: string;
  readonly listener: string;
  /** As sent; lossless. */
  readonly sentWav: string;
  /** One digit a packet: 1 where no copy came in time. */
  readonly traceFile: string;
  readonly packetFrames: number;
  readonly packets: number;
  readonly lostPackets: number;
}

interface Wanted {
  readonly heard: TrackState;
  readonly heardFile: string;
  readonly sent: TrackState;
  readonly sentFile: string;
}

/**
 * Pairs of every heard track with the sent track of the same room, start and player in any of the files. Everybody in the tracks used
 * must have agreed to training: otherwise nothing is written.
 */
export function trainingPairs(files: readonly string[], directory: string): TrainingPair[] {
  const takes = files.map((file) => ({ file, state: readTake(file, false).state }));
  const room = takes[0]?.state.header;
  const others = takes.find(({ state }) => state.header.room !== room?.room);
  if (others !== undefined)
    throw new CommandError(
      'rooms-differ',
      `${others.file} is of another room: pair takes of one room.`,
      EXIT.usage,
    );
  const all = takes.flatMap(({ file, state }) => state.tracks.map((track) => ({ file, track })));
  const sent = all.filter(({ track }) => track.track.role === 'sent' || track.track.role === 'imported');
  const wanted = all.flatMap(({ file, track }): Wanted[] => {
    const source = sent.find((each) => each.track.track.from === track.track.from);
    if (track.track.role !== 'heard' || source === undefined) return [];
    return [{ heard: track, heardFile: file, sent: source.track, sentFile: source.file }];
  });
  if (wanted.length === 0)
    throw new CommandError(
      'pairs-none',
      'No heard track has its sent track in these takes: give the sender’s take too.',
      EXIT.refused,
    );
  const refusing = wanted.find(({ heard: a, sent: b }) => !a.track.consent.train || !b.track.consent.train);
  if (refusing !== undefined)
    throw new CommandError(
      'consent-missing',
      `${refusing.sent.track.from} has not agreed to training: no pairs are made of this take.`,
      EXIT.refused,
    );
  return wanted.map((each) => writePair(each, directory));
}

function writePair({ heard, heardFile, sent, sentFile }: Wanted, directory: string): TrainingPair {
  const { packetFrames, firstSample, from, player } = heard.track;
  // Packets that were still under way when the listener left belong to nobody's loss map.
  const end = Math.max(heard.audioEnd, firstSample + heard.spanEnd * packetFrames);
  const packets = Math.floor((Math.min(end, sent.audioEnd) - firstSample) / packetFrames);
  const name = `${from}-to-${player}`.replace(/[^\p{L}\p{N}._-]/gu, '_');
  const spans: LossRecord[] = [];
  readTake(heardFile, false, (record) => {
    if (record.type === 'span' && record.track === heard.track.track) spans.push(record);
  });
  const first = firstPacket(heard, spans);
  const trace = lossTrace(spans, Math.max(0, packets)).subarray(first);
  const traceFile = join(directory, `${name}.trace.txt`);
  writeFileSync(traceFile, trace.join(''));
  const sentWav = join(directory, `${name}.sent.wav`);
  writeSent(sentWav, { sent, sentFile }, firstSample + first * packetFrames, trace.length * packetFrames);
  return {
    from,
    listener: player,
    sentWav,
    traceFile,
    packetFrames,
    packets: trace.length,
    lostPackets: trace.filter(Boolean).length,
  };
}

/** Of what was played before the listener came, nothing arrived and nothing was lost: the pair begins behind it. */
function firstPacket({ audioFrom, track }: TrackState, spans: readonly LossRecord[]): number {
  const came =
    audioFrom < 0 ? Number.POSITIVE_INFINITY : (audioFrom - track.firstSample) / track.packetFrames;
  const first = spans.reduce((least, { fromPacket }) => Math.min(least, fromPacket), Math.floor(came));
  return Number.isFinite(first) ? Math.max(0, first) : 0;
}

function writeSent(
  file: string,
  { sent, sentFile }: Pick<Wanted, 'sent' | 'sentFile'>,
  firstSample: number,
  frames: number,
): void {
  const { bits, track } = sent.track;
  const { sampleRateHz } = readTake(sentFile, false).state.header;
  const wav = new WavFile(file, { sampleRateHz, bits });
  readTake(sentFile, true, (record) => {
    if (record.type !== 'audio' || record.track !== track || record.samples === null) return;
    const from = Math.max(0, firstSample - record.atSample);
    const to = Math.min(record.frames, firstSample + frames - record.atSample);
    if (to > from) wav.write(record.samples.subarray(from, to), record.atSample + from - firstSample);
  });
  wav.close(frames);
}
