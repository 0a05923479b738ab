import { readTakeFile, type TakeFileContent } from '@jamnet/jambox/takes';
import type { MultitrackRecord, TrackState } from '@jamnet/jdat';
import { orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { fileFault } from './file-fault.ts';

/** Reads a take; what cannot be read, or is none, ends the command. */
export function readTake(
  file: string,
  sound: boolean,
  onRecord?: (record: MultitrackRecord) => void,
): TakeFileContent {
  try {
    return orEnd(readTakeFile(file, { sound }, onRecord), EXIT.usage);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw fileFault(file, 'be read', cause);
  }
}

export interface TrackSummary {
  readonly track: number;
  readonly player: string;
  readonly role: string;
  readonly from: string;
  readonly bits: number;
  /** Place of its first sample on the room timeline, and seconds from there to its last. */
  readonly fromSample: number;
  readonly seconds: number;
  /** Seconds of it for which sound came. */
  readonly soundSeconds: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
  readonly midiEvents: number;
  readonly consent: { readonly record: boolean; readonly train: boolean; readonly strangers: boolean };
}

export interface TakeSummary {
  readonly file: string;
  readonly room: string;
  readonly recorder: string;
  readonly startedAtUs: string;
  readonly sampleRateHz: number;
  readonly seconds: number;
  /** False: the file was cut off and can be closed. */
  readonly isClosed: boolean;
  readonly tornBytes: number;
  readonly beats: number;
  readonly tracks: readonly TrackSummary[];
}

export function summaryOf(file: string, { state, tornBytes }: TakeFileContent): TakeSummary {
  const { room, recorder, startedAtUs, sampleRateHz } = state.header;
  return {
    file,
    room,
    recorder,
    startedAtUs: startedAtUs.toString(),
    sampleRateHz,
    seconds: state.fromSample < 0 ? 0 : (state.toSample - state.fromSample) / sampleRateHz,
    isClosed: state.isEnded,
    tornBytes,
    beats: state.beats.length,
    tracks: state.tracks.map((each) => trackSummary(each, sampleRateHz)),
  };
}

function trackSummary(state: TrackState, sampleRateHz: number): TrackSummary {
  const { track, player, role, from, bits, consent } = state.track;
  const first = Math.max(0, state.audioFrom);
  const { recovered, concealed, late } = state.packets;
  return {
    ...{ track, player, role, from, bits, fromSample: first },
    seconds: Math.max(0, state.audioEnd - first) / sampleRateHz,
    soundSeconds: state.audioFrames / sampleRateHz,
    ...{ recovered, concealed, late, midiEvents: state.midiEvents, consent },
  };
}

export function summaryText(take: TakeSummary): string {
  const open = take.isClosed ? '' : `, cut off (close it with "jamnet take recover ${take.file}")`;
  return [
    `${take.file}: room ${take.room}, recorded by ${take.recorder}, ${take.seconds.toFixed(2)} s at ${take.sampleRateHz} Hz${open}`,
    ...take.tracks.map((track) => {
      const what =
        track.role === 'heard' ? `${track.from} as ${track.player} heard it` : `${track.from}, ${track.role}`;
      const loss =
        track.role === 'heard'
          ? `, packets recovered ${track.recovered}, concealed ${track.concealed}, late ${track.late}`
          : '';
      const given = Object.entries(track.consent).flatMap(([to, yes]) => (yes ? [to] : []));
      const midi = track.midiEvents === 0 ? '' : `, ${track.midiEvents} MIDI events`;
      return `  ${track.track} ${what}: ${track.soundSeconds.toFixed(2)} s, ${track.bits} bit${loss}${midi}; may ${given.join(', ') || 'nothing'}`;
    }),
  ].join('\n');
}
