import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MultitrackWriter } from '@jamnet/jdat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TakeArchive } from '../takes/take-archive.ts';
import { fetchTakes, ObjectKeeper } from './object-keeper.ts';
import { openObjects } from './open-objects.ts';
import { s3Server } from './testing/every-store.ts';

const NOW_MS = 1_795_348_800_000;
const MODEL = new TextEncoder().encode('weights');
const MODEL_NAME = createHash('sha256').update(MODEL).digest('hex');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jamnet-keeper-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function takeFile(startedAtUs: bigint): string {
  const lines: string[] = [];
  const header = { jdat: 2, room: 'attic', recorder: 'ada', sampleRateHz: 48_000, startedAtUs } as const;
  const writer = MultitrackWriter.begin(header, (line) => lines.push(`${line}\n`));
  const track = writer.track({
    ...{ player: 'ada', role: 'sent', from: 'ada', bits: 16, packetFrames: 1, firstSample: 0 },
    consent: { record: true, train: false, strangers: false },
  });
  writer.sound('audio', track, 0, Int32Array.of(1, 2, 3));
  writer.end();
  const file = join(root, `${startedAtUs}.jdat`);
  writeFileSync(file, lines.join(''));
  return file;
}

const server = s3Server();
const PLACES = {
  'a directory': () => ({ kind: 'directory', directory: join(root, 'store') }) as const,
  S3: () => ({ kind: 's3', ...server.place(`${root.slice(-6)}/`) }) as const,
};

describe.each(Object.entries(PLACES))('what a studio keeps in %s', (_, placeOf) => {
  test('comes back on an empty machine, and what leaves the archive leaves the store for good', async () => {
    const archive = new TakeArchive(join(root, 'archive'), () => NOW_MS);
    const [first, second] = [takeFile(1n), takeFile(2n)];
    for (const file of [first, second]) expect((await archive.addFile(file)).ok).toBe(true);
    const objects = openObjects(placeOf());
    const models = {
      ...{ list: () => [MODEL_NAME], store: objects.models },
      bytes: (name: string) => (name === MODEL_NAME ? MODEL : null),
    };
    const keeper = new ObjectKeeper({
      takes: { archive, store: objects.takes },
      models,
      nowMs: () => NOW_MS,
    });
    expect(await keeper.keep()).toEqual({ takes: 2, models: 1, erased: 0 });
    expect(await keeper.keep()).toEqual({ takes: 0, models: 0, erased: 0 });
    expect(await objects.models.size(MODEL_NAME)).toBe(MODEL.length);

    const [gone = '', stays = ''] = archive.list();
    rmSync(archive.file(gone) ?? '');
    expect(await keeper.keep()).toEqual({ takes: 0, models: 0, erased: 1 });
    expect(await objects.takes.isErased(gone)).toBe(true);

    const elsewhere = new TakeArchive(join(root, 'elsewhere'), () => NOW_MS);
    const part = join(root, 'fetched.part');
    expect(await fetchTakes({ archive: elsewhere, store: objects.takes }, part)).toBe(1);
    expect(await fetchTakes({ archive: elsewhere, store: objects.takes }, part)).toBe(0);
    expect(elsewhere.list()).toEqual([stays]);
    expect(readFileSync(elsewhere.file(stays) ?? '')).toEqual(readFileSync(archive.file(stays) ?? ''));
    expect(existsSync(part)).toBe(false);
    objects.close();
  });

  test('outlives an archive that comes up empty: nothing is erased until it is back', async () => {
    const archive = new TakeArchive(join(root, 'archive'), () => NOW_MS);
    await archive.addFile(takeFile(1n));
    await archive.addFile(takeFile(2n));
    const ids = archive.list();
    const objects = openObjects(placeOf());
    let isMounted = true;
    const takes = {
      archive: {
        list: () => (isMounted ? archive.list() : []),
        erased: () => [],
        file: (id: string) => archive.file(id),
        addFile: (file: string) => archive.addFile(file),
      },
      store: objects.takes,
    };
    const models = { list: () => [], bytes: () => null, store: objects.models };
    const keeper = new ObjectKeeper({ takes, models, nowMs: () => NOW_MS });
    expect(await keeper.keep()).toMatchObject({ takes: 2 });
    isMounted = false;
    await expect(keeper.keep()).rejects.toMatchObject({ code: 'archive-lost' });
    isMounted = true;
    expect(await keeper.keep()).toEqual({ takes: 0, models: 0, erased: 0 });
    expect(await Promise.all(ids.map((id) => objects.takes.isErased(id)))).toEqual([false, false]);
    objects.close();
  });

  test('is not kept again once it was erased there', async () => {
    const archive = new TakeArchive(join(root, 'archive'), () => NOW_MS);
    await archive.addFile(takeFile(1n));
    const [id = ''] = archive.list();
    const objects = openObjects(placeOf());
    await objects.takes.erase(id);
    const models = { list: () => [], bytes: () => null, store: objects.models };
    const keeper = new ObjectKeeper({
      takes: { archive, store: objects.takes },
      models,
      nowMs: () => NOW_MS,
    });
    expect(await keeper.keep()).toEqual({ takes: 0, models: 0, erased: 0 });
    expect(await objects.takes.get(id)).toBeNull();
    objects.close();
  });

  test('is erased when its player had it erased while no keeper ran, and counts as no loss of the archive', async () => {
    const archive = new TakeArchive(join(root, 'archive'), () => NOW_MS);
    await archive.addFile(takeFile(1n));
    const [id = ''] = archive.list();
    const objects = openObjects(placeOf());
    const models = { list: () => [], bytes: () => null, store: objects.models };
    const newKeeper = () =>
      new ObjectKeeper({ takes: { archive, store: objects.takes }, models, nowMs: () => NOW_MS });
    const before = newKeeper();
    expect(await before.keep()).toMatchObject({ takes: 1 });
    archive.erase(id);
    const after = newKeeper();
    expect(await after.keep()).toEqual({ takes: 0, models: 0, erased: 1 });
    expect(await objects.takes.get(id)).toBeNull();
    expect(await after.keep()).toMatchObject({ erased: 0 });
    // The keeper that knew it finds an archive with nothing left, and no fault in it.
    expect(await before.keep()).toMatchObject({ erased: 0 });
    objects.close();
  });
});
