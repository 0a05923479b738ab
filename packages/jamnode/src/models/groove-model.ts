import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, refuse } from '@jamnet/base';
import { decodeModel, type GrooveModel } from '@jamnet/groove';
import { releasedModelBytes } from '../node/released-model.ts';
import { studioOf } from '../pairing/owner-desk.ts';
import { bounded } from './fetch-model.ts';

const TIMEOUT_MS = 60_000;

/**
 * The forecaster that the studio's catalogue names by its hash: the one this program is shipped with, one kept in `directory`, or
 * fetched from the studio. Another file than the hash says, or no forecaster, is refused and not kept.
 */
export async function grooveModel(
  meshUrl: string,
  directory: string,
  sha256: string,
): Promise<Result<GrooveModel, 'model-refused'>> {
  const shipped = releasedModelBytes();
  if (hashOf(shipped) === sha256) return readable(shipped);
  const file = join(directory, `${sha256}.model`);
  const kept = bytesOf(file);
  if (kept && hashOf(kept) === sha256) return readable(kept);
  const fetched = await download(meshUrl, sha256);
  if (!fetched.ok) return fetched;
  if (hashOf(fetched.value) !== sha256)
    return refuse('model-refused', 'The studio sent another forecaster than the one its catalogue names.');
  const model = readable(fetched.value);
  if (!model.ok) return model;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, fetched.value, { mode: 0o600 });
  renameSync(part, file);
  return model;
}

async function download(meshUrl: string, sha256: string): Promise<Result<Uint8Array, 'model-refused'>> {
  const url = new URL(`api/models/${sha256}`, studioOf(meshUrl));
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel();
      return refuse('model-refused', `${url} answers ${answer.status}: the studio has no such model.`);
    }
    const bytes = await bounded(answer.body);
    return bytes.ok ? bytes : refuse('model-refused', bytes.message);
  } catch (error) {
    return refuse('model-refused', `${url}: ${error instanceof Error ? error.message : 'failed'}.`);
  }
}

function readable(bytes: Uint8Array): Result<GrooveModel, 'model-refused'> {
  const model = decodeModel(bytes);
  return model.ok ? model : refuse('model-refused', model.message);
}

function bytesOf(file: string): Uint8Array | null {
  try {
    return readFileSync(file);
  } catch {
    return null; // Not there: it is fetched.
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
