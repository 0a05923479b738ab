import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MultitrackWriter } from '@jamnet/jdat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TakeArchive } from '../../takes/take-archive.ts';
import { RevokedTakes } from '../revoked-takes.ts';
import { cutExcerpts, EXCERPT_SECONDS, excerptRows, ROUND_EXCERPTS_MAX, readExcerptRows } from './excerpt.ts';
import { PLAYER_EXCERPTS_MAX, TRACK_EXCERPTS, takeExcerpts } from './take-excerpts.ts';

const RATE = 8000;
const PIECE = EXCERPT_SECONDS * RATE;
const SECRET = new Uint8Array(32);

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-excerpts-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const archive = () => new TakeArchive(join(directory, 'archive'), Date.now);
const revoked = () => new RevokedTakes(join(directory, 'revoked.json'));
const excerpts = () => takeExcerpts(archive(), revoked(), SECRET);

/** Files a take of one player whose sample n is n plus a number of the take's own, at 24 bit; answers its id. */
async function soundTake(
  seed: number,
  { train = true, role = 'sent' as 'sent' | 'heard', player = `player ${seed}`, pieces = 1 } = {},
): Promise<string> {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(
    { jdat: 2, room: 'attic', recorder: `player ${seed}`, sampleRateHz: RATE, startedAtUs: BigInt(seed) },
    (line) => lines.push(`${line}\n`),
  );
  const track = writer.track({
    player,
    role,
    from: player,
    bits: 24,
    packetFrames: 1,
    firstSample: 0,
    consent: { record: true, train, strangers: true },
  });
  for (let atSample = 0; atSample < pieces * PIECE; atSample += 4000)
    writer.sound(
      'audio',
      track,
      atSample,
      Int32Array.from({ length: 4000 }, (_, n) => 256 * (((atSample + n) % 20_000) + seed)),
    );
  writer.end();
  const file = join(directory, 'take.jdat');
  writeFileSync(file, lines.join(''));
  const filed = await archive().addFile(file);
  if (!filed.ok) throw new Error(filed.message);
  return filed.value.id;
}

test('pieces of a sent track whose player agreed are the very sound, in 16 bit and evenly apart', async () => {
  const take = await soundTake(1, { pieces: 6 });
  const [found, ...others] = await excerpts();
  expect(others).toEqual([]);
  expect(found).toMatchObject({ take, player: 'player 1', strangers: true });
  expect(found?.excerpts).toHaveLength(TRACK_EXCERPTS);
  found?.excerpts.forEach(({ rateHz, pcm }, n) => {
    const from = Math.floor(((n + 0.5) * 6 * PIECE) / TRACK_EXCERPTS - PIECE / 2);
    expect(rateHz).toBe(RATE);
    expect([...pcm]).toEqual(Array.from({ length: PIECE }, (_, i) => ((from + i) % 20_000) + 1));
  });
});

test('nothing is taken of who did not agree, took it back, was only heard, or played less than a piece', async () => {
  await soundTake(1, { train: false });
  await soundTake(2, { role: 'heard' });
  await soundTake(3, { pieces: 0.5 });
  const taken = await soundTake(4);
  expect(await excerpts()).toHaveLength(1);
  const list = revoked();
  list.revoke({ take: taken, player: 'player 4', atUs: '1' });
  expect(await takeExcerpts(archive(), list, SECRET)).toEqual([]);
});

test('of one player there are at most an eighth of a round, and the same sound counts once', async () => {
  await soundTake(1, { player: 'ada' });
  await soundTake(1, { player: 'bob' });
  expect(await excerpts()).toHaveLength(1);
  for (let seed = 2; seed < 11; seed++) await soundTake(seed, { player: 'eve', pieces: TRACK_EXCERPTS });
  const ofEve = (await excerpts()).filter(({ player }) => player === 'eve');
  expect(ofEve.flatMap((take) => take.excerpts)).toHaveLength(PLAYER_EXCERPTS_MAX);
}, 120_000);

test('excerpts come back from their rows; what is no excerpt is refused', () => {
  const cut = cutExcerpts(
    Float32Array.of(...Array<number>(16).fill(1.5), ...Array<number>(PIECE).fill(-0.5)),
    RATE,
    4,
  );
  expect(cut).toHaveLength(1);
  const read = readExcerptRows(excerptRows(cut));
  expect(read.ok && read.value).toEqual(cut);
  expect(cutExcerpts(new Float32Array(PIECE - 1), RATE, 4)).toEqual([]);
  const [row] = excerptRows([{ rateHz: RATE, pcm: new Int16Array(8) }]);
  const long = excerptRows([{ rateHz: RATE, pcm: new Int16Array(PIECE + 1) }]);
  for (const rows of [
    null,
    [{ ...row, rateHz: 7999 }],
    [{ ...row, pcm: 'AAA=A' }],
    [{ ...row, pcm: 'AAAA' }],
    [{ ...row, pcm: '????' }],
    long,
    Array.from({ length: ROUND_EXCERPTS_MAX + 1 }, () => row),
  ])
    expect(readExcerptRows(rows)).toMatchObject({ ok: false, code: 'excerpts-malformed' });
});
