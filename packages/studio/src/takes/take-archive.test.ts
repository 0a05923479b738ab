import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MultitrackWriter } from '@jamnet/jdat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ARCHIVE_LIMITS, TakeArchive } from './take-archive.ts';

let directory = '';
let nowMs = Date.now();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-archive-'));
  nowMs = Date.now();
});
afterEach(() => rmSync(directory, { recursive: true }));

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function takeBytes({
  mayRecord = true,
  isClosed = true,
  room = 'attic',
  from = 'ada',
  startedAtUs = 1n,
} = {}): Buffer {
  const lines: string[] = [];
  const header = { jdat: 2, room, recorder: 'ada', sampleRateHz: 48_000, startedAtUs } as const;
  const writer = MultitrackWriter.begin(header, (line) => lines.push(`${line}\n`));
  const consent = { record: mayRecord, train: false, strangers: false };
  const fixed = {
    player: 'ada',
    role: 'sent',
    from,
    bits: 16,
    packetFrames: 1,
    firstSample: 0,
  } as const;
  const track = writer.track({ ...fixed, consent });
  writer.sound(
    'audio',
    track,
    0,
    Int32Array.from({ length: 480 }, (_, i) => i),
  );
  if (isClosed) writer.end();
  return Buffer.from(lines.join(''));
}

function openArchive(): TakeArchive {
  return new TakeArchive(directory, () => nowMs);
}

/** Puts the bytes in pieces of 100; answers their hashes. */
function putPieces(archive: TakeArchive, bytes: Buffer): string[] {
  const hashes: string[] = [];
  for (let at = 0; at < bytes.length; at += 100) {
    const piece = bytes.subarray(at, at + 100);
    expect(archive.putChunk(hashOf(piece), piece).ok).toBe(true);
    hashes.push(hashOf(piece));
  }
  return hashes;
}

test('a take in chunks becomes a file under its hash, its chunks go; the same again is answered alike', async () => {
  const archive = openArchive();
  const bytes = takeBytes();
  const chunks = putPieces(archive, bytes);
  const filed = await archive.complete(hashOf(bytes), chunks);
  expect(filed).toMatchObject({ ok: true, value: { id: hashOf(bytes), seconds: 0.01, room: 'attic' } });
  expect(readFileSync(archive.file(hashOf(bytes)) ?? '')).toEqual(bytes);
  expect(readdirSync(join(directory, 'chunks'))).toEqual([]);
  expect(await archive.complete(hashOf(bytes), chunks)).toEqual(filed);
  expect(openArchive().list()).toEqual([hashOf(bytes)]);
});

test('a take that lies here is filed by the same checks', async () => {
  const file = join(directory, 'own.jdat');
  writeFileSync(file, takeBytes());
  const archive = openArchive();
  expect(await archive.addFile(file)).toMatchObject({ ok: true, value: { id: hashOf(takeBytes()) } });
  writeFileSync(file, takeBytes({ mayRecord: false }));
  expect(await archive.addFile(file)).toMatchObject({ ok: false, code: 'take-consent-missing' });
});

test.each([
  ['take-not-closed', takeBytes({ isClosed: false })],
  ['take-consent-missing', takeBytes({ mayRecord: false })],
  ['take-hash-differs', Buffer.from(takeBytes().toString().replace('attic', 'cella'))],
  ['take-version-unknown', Buffer.from('{"jdat":7}\n')],
] as const)(
  'bytes that are no whole take are refused with %s and leave nothing but their chunks',
  async (code, bytes) => {
    const archive = openArchive();
    const chunks = putPieces(archive, bytes);
    expect(await archive.complete(hashOf(bytes), chunks)).toMatchObject({ ok: false, code });
    expect(readdirSync(join(directory, 'takes'))).toEqual([]);
  },
);

test('a chunk that is not what its hash says, or too large, is refused', () => {
  const archive = openArchive();
  const large = Buffer.alloc(ARCHIVE_LIMITS.chunkBytes + 1);
  expect(archive.putChunk(hashOf(large), large)).toMatchObject({ ok: false, code: 'chunk-too-large' });
  expect(archive.putChunk('0'.repeat(64), Buffer.from('x'))).toMatchObject({
    ok: false,
    code: 'chunk-hash-differs',
  });
  expect(archive.putChunk('../../x', Buffer.from('x'))).toMatchObject({
    ok: false,
    code: 'chunk-hash-differs',
  });
});

test('a list that names too many chunks, missing ones, or another take is refused', async () => {
  const archive = openArchive();
  const bytes = takeBytes();
  const chunks = putPieces(archive, bytes);
  const many = new Array<string>(ARCHIVE_LIMITS.chunksPerTake + 1).fill(chunks[0] ?? '');
  expect(await archive.complete('1'.repeat(64), many)).toMatchObject({ code: 'chunks-too-many' });
  expect(await archive.complete('1'.repeat(64), ['2'.repeat(64)])).toMatchObject({ code: 'chunks-missing' });
  expect(await archive.complete('1'.repeat(64), chunks)).toMatchObject({ code: 'take-bytes-differ' });
});

test('chunks wait up to a number; a torn upload is forgotten after a day and makes room', () => {
  const archive = openArchive();
  const folder = join(directory, 'chunks');
  for (let i = 0; i < ARCHIVE_LIMITS.chunksWaiting; i++) writeFileSync(join(folder, String(i)), '');
  const bytes = Buffer.from('one more');
  expect(archive.putChunk(hashOf(bytes), bytes)).toMatchObject({
    ok: false,
    code: 'chunks-waiting-too-many',
  });
  const anHourAgo = new Date(nowMs - 3_600_000);
  utimesSync(join(folder, '7'), anHourAgo, anHourAgo);
  nowMs += ARCHIVE_LIMITS.tornKeptMs - 1_800_000;
  expect(archive.putChunk(hashOf(bytes), bytes).ok).toBe(true);
  expect(readdirSync(folder).length).toBe(ARCHIVE_LIMITS.chunksWaiting);
});

test('a take that is being checked is not touched by another upload that claims its hash', async () => {
  const archive = openArchive();
  const bytes = takeBytes();
  const chunks = putPieces(archive, bytes);
  const other = Buffer.from('something else');
  archive.putChunk(hashOf(other), other);
  const [honest, claimed] = await Promise.all([
    archive.complete(hashOf(bytes), chunks),
    archive.complete(hashOf(bytes), [hashOf(other)]),
  ]);
  expect([honest.ok, claimed.ok]).toEqual([true, false]);
  expect(readFileSync(archive.file(hashOf(bytes)) ?? '')).toEqual(bytes);
});

test('a guest of a room files what he recorded there himself, and nothing else', async () => {
  const archive = openArchive();
  const ada = { room: 'attic', player: 'ada' };
  const bytes = takeBytes();
  const foreign = takeBytes({ from: 'ben' });
  for (const [each, recorder] of [
    [bytes, { room: 'cellar', player: 'ada' }],
    [bytes, { room: 'attic', player: 'ben' }],
    [foreign, ada],
  ] as const)
    expect(await archive.complete(hashOf(each), putPieces(archive, each), recorder)).toMatchObject({
      code: 'take-not-yours',
    });
  expect(archive.list()).toEqual([]);
  expect(await archive.complete(hashOf(bytes), putPieces(archive, bytes), ada)).toMatchObject({ ok: true });
  expect(await archive.complete(hashOf(bytes), [], { ...ada, player: 'ben' })).toMatchObject({
    code: 'take-not-yours',
  });
});

test('a room has its own takes, the newest first and no more than are shown, also those filed by an earlier version', async () => {
  const archive = openArchive();
  const ids: string[] = [];
  for (let i = 0; i <= ARCHIVE_LIMITS.shownPerRoom; i++) {
    const bytes = takeBytes({ startedAtUs: BigInt(1000 + i) });
    ids.unshift(hashOf(bytes));
    await archive.complete(hashOf(bytes), putPieces(archive, bytes));
  }
  const other = takeBytes({ room: 'cellar/..' });
  await archive.complete(hashOf(other), putPieces(archive, other));
  const shown = ids.slice(0, ARCHIVE_LIMITS.shownPerRoom);
  expect(archive.ofRoom('attic').map(({ id }) => id)).toEqual(shown);
  expect(archive.ofRoom('cellar/..').map(({ id }) => id)).toEqual([hashOf(other)]);
  expect(archive.ofRoom('nowhere')).toEqual([]);
  rmSync(join(directory, 'rooms'), { recursive: true });
  expect(
    openArchive()
      .ofRoom('attic')
      .map(({ id }) => id),
  ).toEqual(shown);
});

test('of a take that was erased nothing is left but its id, and it is not taken in again', async () => {
  const file = join(directory, 'take.jdat');
  const bytes = takeBytes({ room: 'loft' });
  writeFileSync(file, bytes);
  const archive = openArchive();
  expect((await archive.addFile(file)).ok).toBe(true);
  const id = hashOf(bytes);
  const crashed = readFileSync(archive.file(id) ?? '');
  archive.erase(id);
  expect([archive.list(), archive.erased(), archive.ofRoom('loft')]).toEqual([[], [id], []]);
  expect([archive.file(id), archive.take(id), archive.isErased(id)]).toEqual([null, null, true]);
  expect(await archive.addFile(file)).toMatchObject({ code: 'take-erased' });
  expect(await archive.complete(id, [])).toMatchObject({ code: 'take-erased' });
  const left = readdirSync(join(directory, 'takes'));
  expect(left).toEqual([`${id}.erased`]);
  // A crash between the word and the deed is made good when the archive opens.
  writeFileSync(join(directory, 'takes', `${id}.jdat`), crashed);
  expect(openArchive().list()).toEqual([]);
  archive.erase('f'.repeat(64));
  expect(archive.erased()).toEqual([id]);
});

test('a take that is erased while it is being filed does not come in', async () => {
  const archive = openArchive();
  const bytes = takeBytes();
  const id = hashOf(bytes);
  const filing = archive.complete(id, putPieces(archive, bytes));
  archive.erase(id);
  expect(await filing).toMatchObject({ code: 'take-erased' });
  expect(readdirSync(join(directory, 'takes'))).toEqual([`${id}.erased`]);
  expect(openArchive().take(id)).toBeNull();
});

test('a take that is erased while it is filed a second time leaves nothing', async () => {
  const archive = openArchive();
  const bytes = takeBytes();
  const id = hashOf(bytes);
  const file = join(directory, 'take.jdat');
  writeFileSync(file, bytes);
  await archive.complete(id, putPieces(archive, bytes));
  const again = archive.addFile(file);
  archive.erase(id);
  expect(await again).toMatchObject({ code: 'take-erased' });
  expect(readdirSync(join(directory, 'takes'))).toEqual([`${id}.erased`]);
});
