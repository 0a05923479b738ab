import { Failure, toHex } from '@jamnet/base';
import { DONE_CELL, type TapeMessage } from '@jamnet/jdat';
import { sha256 } from '@noble/hashes/sha2.js';
import { RoomRefusal } from '../room-api.ts';
import { archiveDoor, fetchTake } from './archive-door.ts';
import { type ByteFile, piecesOf, writeFull } from './byte-file.ts';
import { packFlac, writeTrackWav } from './export-track.ts';
import { closeCutOff } from './open-take.ts';
import type { FromRecorder, KeptTake, RecorderFailure, ToRecorder } from './recorder-messages.ts';
import { RECORDING_LIMITS } from './recording-limits.ts';
import { sendTake } from './send-take.ts';
import { TakeFolder } from './take-folder.ts';
import { pictureOf } from './take-picture.ts';
import { TapeWriter } from './tape-writer.ts';
import type { TrackSound } from './track-sound.ts';

/** The thread that packs, writes, sends and reads recordings: it may wait for disk and network, the engine never. */

/** Sound is on the disk at most this much later than it was written. */
const FLUSH_EVERY_MS = 2_000;
/** What was fetched or exported this long ago is not being saved by anybody any more. */
const SCRATCH_KEPT_MS = 24 * 60 * 60 * 1000;
/** A port that brings nothing for so long has nothing left. */
const QUIET_MS = 1_000;
const KEPT = 'kept-';
/** Files that takes are played from, by take. */
const unpacked = new Map<string, string[]>();

interface Running {
  readonly name: string;
  readonly file: ByteFile;
  readonly writer: TapeWriter;
  readonly port: MessagePort;
  /** Done so far. */
  messages: number;
}

let running: Running | null = null;
const folder = TakeFolder.open();
folder.catch(() => undefined);

function tell(message: FromRecorder): void {
  self.postMessage(message);
}

/** One after the other: each may have files open. */
let turn: Promise<void> = folder.then(sweep, () => undefined);
self.onmessage = ({ data }: MessageEvent<ToRecorder>) => {
  turn = turn.then(() => handle(data)).catch((error: unknown) => tell(failureOf(data, error)));
};

async function handle(message: ToRecorder): Promise<void> {
  const takes = await folder;
  switch (message.type) {
    case 'begin':
      await begin(takes, message.port, new Int32Array(message.done));
      break;
    case 'finish':
      await untilQuiet();
      await finish();
      break;
    case 'look':
      tell({ type: 'kept', takes: await kept(takes) });
      break;
    case 'send':
      await send(takes, message.name, message.ticket);
      break;
    case 'discard':
      await takes.remove(message.name);
      tell({ type: 'kept', takes: await kept(takes) });
      break;
    case 'open':
      await open(takes, message.id, message.ticket);
      break;
    case 'listen':
      await unpack(takes, message);
      break;
    case 'hush':
      await hush(takes, message.id);
      break;
    case 'export':
      await exportTake(takes, message);
  }
}

function failureOf(message: ToRecorder, error: unknown): FromRecorder {
  const failure = reasonOf(error);
  // Without storage nothing is kept; whoever presses Record is told.
  if (message.type === 'look') return { type: 'kept', takes: [] };
  if (message.type === 'send') return { type: 'unsent', name: message.name, ...failure };
  if (message.type === 'open' || message.type === 'export')
    return { type: 'unopened', id: message.id, ...failure };
  if (message.type === 'listen') return { type: 'inaudible', id: message.id, ...failure };
  return { type: 'unwritten', ...failure };
}

function reasonOf(error: unknown): RecorderFailure {
  if (error instanceof RoomRefusal) return { code: error.code, message: error.message };
  if (error instanceof Failure) return { code: error.code, message: '' };
  if (error instanceof DOMException)
    return { code: error.name === 'QuotaExceededError' ? 'storage-full' : 'storage-refused', message: '' };
  return { code: 'storage-refused', message: '' };
}

async function begin(takes: TakeFolder, port: MessagePort, cells: Int32Array): Promise<void> {
  await finish();
  const names = await takes.names();
  if (names.filter((name) => name.startsWith(KEPT)).length >= RECORDING_LIMITS.keptTakes)
    throw new Failure('kept-too-many', 'the browser keeps as many recordings as it may');
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  if (quota - usage < RECORDING_LIMITS.freeBytesMin) throw new Failure('storage-full', 'the storage is full');
  const name = `${KEPT}${Date.now()}-${crypto.randomUUID()}.jdat`;
  const file = await takes.take(name);
  const writer = new TapeWriter(file);
  const started: Running = { name, file, writer, port, messages: 0 };
  running = started;
  let flushedMs = performance.now();
  port.onmessage = ({ data }: MessageEvent<TapeMessage>) => {
    try {
      writer.take(data);
      if (performance.now() - flushedMs > FLUSH_EVERY_MS) {
        writer.flush();
        flushedMs = performance.now();
      }
    } catch (error) {
      port.onmessage = null;
      tell({ type: 'unwritten', ...reasonOf(error) });
    }
    started.messages++;
    Atomics.add(cells, DONE_CELL, 1);
    if (writer.isEnded)
      turn = turn.then(finish).catch((error) => tell({ type: 'unwritten', ...reasonOf(error) }));
  };
  tell({ type: 'begun' });
}

/** What the engine gave before it was gone may still lie in the port. */
async function untilQuiet(): Promise<void> {
  for (let seen = -1; running !== null && running.messages !== seen; ) {
    seen = running.messages;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}

async function finish(): Promise<void> {
  const last = running;
  running = null;
  if (last === null) return;
  last.port.close();
  try {
    last.writer.finish();
  } finally {
    last.file.close();
  }
  if (last.writer.isEmpty) await (await folder).remove(last.name);
  tell({ type: 'written', name: last.writer.isEmpty ? null : last.name });
}

/** Recordings that wait; those that were cut off are closed, those that hold nothing go. */
async function kept(takes: TakeFolder): Promise<KeptTake[]> {
  const found: KeptTake[] = [];
  for (const name of await takes.names()) {
    if (!name.startsWith(KEPT) || name === running?.name) continue;
    // Another tab may be writing it: then it is that tab's to send.
    const file = await takes.take(name).catch(() => null);
    if (file === null) continue;
    const closed = closeCutOff(file);
    const bytes = file.getSize();
    file.close();
    if (closed.ok) {
      const { room, recorder } = closed.value.header;
      found.push({ name, room, recorder, bytes });
    } else if (closed.code === 'take-empty') await takes.remove(name);
    else found.push({ name, room: '', recorder: '', bytes });
  }
  return found;
}

async function send(takes: TakeFolder, name: string, ticket: string): Promise<void> {
  const file = await takes.take(name);
  try {
    const { id } = await sendTake(file, archiveDoor(ticket), (share) =>
      tell({ type: 'sending', name, share }),
    );
    file.close();
    await takes.remove(name);
    tell({ type: 'sent', name, id });
  } catch (error) {
    file.close();
    throw error;
  }
}

async function open(takes: TakeFolder, id: string, ticket: string): Promise<void> {
  const file = await fetched(takes, id, ticket);
  try {
    const picture = pictureOf(file, (share) => tell({ type: 'opening', id, share: (1 + share) / 2 }));
    if (!picture.ok) throw new Failure(picture.code, picture.message);
    tell({ type: 'opened', id, picture: picture.value });
  } finally {
    file.close();
  }
}

/** The take in this browser's storage, fetched unless it is there; checked by its hash. */
async function fetched(takes: TakeFolder, id: string, ticket: string): Promise<ByteFile> {
  const file = await takes.take(`seen-${id}.jdat`);
  try {
    if (hashOf(file) === id) return file;
    file.truncate(0);
    const answer = await fetchTake(ticket, id);
    const bytes = Number(answer.headers.get('content-length') ?? 0);
    let atByte = 0;
    const reader = answer.body?.getReader();
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
      writeFull(file, next.value, atByte);
      atByte += next.value.length;
      tell({ type: 'opening', id, share: bytes === 0 ? 0 : atByte / bytes / 2 });
    }
    if (hashOf(file) === id) return file;
    throw new Failure('take-bytes-differ', 'what came is not the take that was asked for');
  } catch (error) {
    file.close();
    throw error;
  }
}

function hashOf(file: ByteFile): string {
  const sum = sha256.create();
  for (const piece of piecesOf(file)) sum.update(piece);
  return toHex(sum.digest());
}

async function exportTake(
  takes: TakeFolder,
  { id, ticket, track, format }: Extract<ToRecorder, { type: 'export' }>,
): Promise<void> {
  const take = await fetched(takes, id, ticket);
  const short = id.slice(0, 8);
  if (format === 'jdat') {
    take.close();
    tell({ type: 'exported', id, fileName: `take-${short}.jdat`, file: await takes.blob(`seen-${id}.jdat`) });
    return;
  }
  const name = `out-${id}-${track}.wav`;
  const wav = await takes.take(name);
  const packed = format === 'flac' ? await takes.take(name.replace(/wav$/, 'flac')) : null;
  try {
    const written = writeTrackWav(take, track, wav, (share) => tell({ type: 'opening', id, share }));
    if (!written.ok) throw new Failure(written.code, written.message);
    if (packed !== null) packFlac(wav, written.value, packed);
  } finally {
    for (const file of [take, wav, packed]) file?.close();
  }
  const file = await takes.blob(name.replace(/wav$/, format));
  tell({ type: 'exported', id, fileName: `take-${short}-track-${track + 1}.${format}`, file });
}

/** A file for each track, of names that no other tab has. */
async function unpack(
  takes: TakeFolder,
  { id, ticket, tracks }: Extract<ToRecorder, { type: 'listen' }>,
): Promise<void> {
  await hush(takes, id);
  const take = await fetched(takes, id, ticket);
  const names: string[] = [];
  unpacked.set(id, names);
  const sounds: TrackSound[] = [];
  try {
    for (let track = 0; track < tracks; track++) {
      const name = `heard-${crypto.randomUUID()}.wav`;
      names.push(name);
      const wav = await takes.take(name);
      try {
        const written = writeTrackWav(take, track, wav, (share) =>
          tell({ type: 'unpacking', id, share: (track + share) / tracks }),
        );
        if (!written.ok) throw new Failure(written.code, written.message);
        sounds.push({ track, file: await takes.blob(name), ...written.value });
      } finally {
        wav.close();
      }
    }
  } finally {
    take.close();
  }
  tell({ type: 'audible', id, tracks: sounds });
}

/** Nobody listens to the take any more: its files go. */
async function hush(takes: TakeFolder, id: string): Promise<void> {
  for (const name of unpacked.get(id) ?? []) await takes.remove(name);
  unpacked.delete(id);
}

/** Removes what was fetched and exported long ago. */
async function sweep(takes: TakeFolder): Promise<void> {
  for (const name of await takes.names()) {
    if (name.startsWith(KEPT)) continue;
    const { lastModified } = await takes.blob(name);
    if (Date.now() - lastModified > SCRATCH_KEPT_MS) await takes.remove(name);
  }
}
