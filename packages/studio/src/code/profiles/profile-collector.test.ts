import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { ProfileCollector } from './profile-collector.ts';
import { ProfileFolder } from './profile-folder.ts';
import { TickSum } from './tick-sum.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-collector-'));
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

test('a disk that takes nothing is told and ends nothing; what was seen is written once it does', async () => {
  const [month, revision] = ['2031-04', 'a'.repeat(40)];
  const folder = new ProfileFolder(directory);
  const seen = new TickSum();
  seen.add(new Map([['mill.ts', new Map([[3, 5]])]]));
  folder.write(month, 'payer', revision, seen);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let tell: (error: unknown) => void = () => undefined;
  const failure = (): Promise<unknown> =>
    new Promise((resolve) => {
      tell = resolve;
    });
  const collector = await ProfileCollector.start({
    ...{ principal: 'payer', revision, rootUrl: pathToFileURL(directory).href, folder },
    nowUs: () => 1_932_854_400_000_000n,
    onFailure: (error) => tell(error),
  });
  const blocked = join(directory, 'code');
  rmSync(blocked, { recursive: true });
  writeFileSync(blocked, 'no folder');
  const first = failure();
  vi.advanceTimersByTime(60_000);
  expect(await first).toBeInstanceOf(Error);
  rmSync(blocked);
  await collector.addUp();
  expect(folder.read(month, 'payer', revision)?.files).toEqual({ 'mill.ts': [[3, 5]] });
  rmSync(blocked, { recursive: true });
  writeFileSync(blocked, 'no folder');
  const last = failure();
  await collector.close();
  expect(await last).toBeInstanceOf(Error);
});
