import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';

/** The program of a slot. */
const SLOT_MAIN = join(import.meta.dirname, 'slot-main.ts');

const built = new Map<string, string>();

/** Directory of a slot program, built on first use and removed when the process ends. Nobody else can write there. */
export function slotImage(entry: string = SLOT_MAIN): string {
  const known = built.get(entry);
  if (known) return known;
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-slot-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const builder = join(import.meta.dirname, 'image-main.ts');
  const flags = ['--disable-warning=ExperimentalWarning', builder, directory, entry];
  const run = spawnSync(process.execPath, flags, { encoding: 'utf8', env: {}, timeout: 30_000 });
  if (run.status !== 0)
    throw new Failure('slot-image-failed', `The slot program could not be built: ${run.stderr}`);
  built.set(entry, directory);
  return directory;
}
