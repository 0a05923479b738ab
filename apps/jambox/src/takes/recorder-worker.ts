import { parentPort, workerData } from 'node:worker_threads';
import { DONE_CELL, StreamsToTracks, type TapeAnswer, type TapeMessage } from '@jamnet/jdat';
import { limits } from '@jamnet/toast';
import { TakeFile } from './take-file.ts';
import { WavFile } from './wav-file.ts';

/** The thread that packs and writes what the engine's thread has settled: it may wait for the disk, the engine never. */

/** Sound is on the disk at most this much later than it was written. */
const FLUSH_EVERY_MS = 2_000;

const cells = new Int32Array((workerData as { readonly done: SharedArrayBuffer }).done); // written by open-room-tape.ts
const wavs = new Map<string, WavFile>();
let take: TakeFile | null = null;
let streams: StreamsToTracks | null = null;
let begun: Extract<TapeMessage, { type: 'begin' }> | null = null;
/** What held last, for a take that has not begun yet. */
let beats: Extract<TapeMessage, { type: 'beats' }>['entries'] = [];
let flushedMs = 0;

function handle(message: TapeMessage): void {
  switch (message.type) {
    case 'begin':
      begun = message;
      break;
    case 'packets':
      tracks()?.packets(message.stream, message.packets);
      break;
    case 'over':
      streams?.over(message.stream, message.packets);
      break;
    case 'ear':
      wavOf(message.file).write(Int32Array.from(message.samples));
      break;
    case 'note':
      tracks()?.note(message.stream, message.atSample, message.message);
      break;
    case 'beats':
      beats = message.entries;
      for (const entry of beats) take?.writer.beat(entry);
      break;
    case 'end':
      end();
  }
}

/** The take is begun with its first sound: where nobody lets himself be recorded there is none. */
function tracks(): StreamsToTracks | null {
  if (streams !== null || begun === null) return streams;
  const { file, room, player, startedAtUs } = begun;
  const sampleRateHz = limits.SAMPLE_RATE_HZ;
  take = TakeFile.create(file, {
    jdat: 2,
    room,
    recorder: player,
    sampleRateHz,
    startedAtUs: BigInt(Math.round(startedAtUs)),
  });
  for (const entry of beats) take.writer.beat(entry);
  streams = new StreamsToTracks(take.writer, player);
  return streams;
}

function wavOf(file: string): WavFile {
  const known = wavs.get(file);
  if (known !== undefined) return known;
  const fresh = new WavFile(file, { sampleRateHz: limits.SAMPLE_RATE_HZ, bits: 16 });
  wavs.set(file, fresh);
  return fresh;
}

function end(): void {
  for (const wav of wavs.values()) wav.close();
  take?.finish();
  tell({ type: 'ended', file: take?.file ?? '' });
}

function tell(answer: TapeAnswer): void {
  parentPort?.postMessage(answer);
}

parentPort?.on('message', (message: TapeMessage) => {
  try {
    handle(message);
    if (message.type !== 'end' && performance.now() - flushedMs > FLUSH_EVERY_MS) {
      take?.flush();
      flushedMs = performance.now();
    }
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    parentPort?.close();
  }
  Atomics.add(cells, DONE_CELL, 1);
});
