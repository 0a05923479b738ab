import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';

let built: string | null = null;

/** Directory of this process's slot program, built on first use and removed when the process ends. Nobody else can write there. */
export function slotImage(): string {
  if (built) return built;
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-slot-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const builder = join(import.meta.dirname, 'image-main.ts');
  const flags = ['--disable-warning=ExperimentalWarning', builder, directory];
  const run = spawnSync(process.execPath, flags, { encoding: 'utf8', env: {}, timeout: 30_000 });
  if (run.status !== 0)
    throw new Failure('slot-image-failed', `The slot program could not be built: ${run.stderr}`);
  built = directory;
  return directory;
}
