import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, refuse } from '@jamnet/base';
import { decodeModel, type GrooveModel } from '@jamnet/groove/forecasting';
import { releasedModelBytes } from '../node/released-model.ts';
import { studioOf } from '../pairing/owner-desk.ts';
import { bounded } from './fetch-model.ts';
import { keepModelFile, markUsed } from './model-files.ts';

/** A node says nothing before it has its forecaster: less than half of the silence (38 s) after which the mesh takes it for gone. */
export const GROOVE_MODEL_TIMEOUT_MS = 15_000;

export interface GrooveModelSource {
  /** The coordinator's address; the studio serves the models below its own. */
  readonly meshUrl: string;
  /** Where fetched ones are kept, if the disk allows it. */
  readonly directory: string;
  /** UTC ms; orders the files by use. */
  readonly nowMs: () => number;
  /** For the whole download; {@link GROOVE_MODEL_TIMEOUT_MS} when left out. */
  readonly timeoutMs?: number;
}

/**
 * The forecaster that the studio's catalogue names by its hash: the one this program is shipped with, one that was kept, or fetched
 * from the studio. Another file than the hash says, or no forecaster, is refused and not kept.
 */
export async function grooveModel(
  source: GrooveModelSource,
  sha256: string,
): Promise<Result<GrooveModel, 'model-refused'>> {
  const shipped = releasedModelBytes();
  if (hashOf(shipped) === sha256) return readable(shipped);
  const { directory, nowMs } = source;
  const name = `${sha256}.model`;
  const kept = bytesOf(join(directory, name));
  if (kept && hashOf(kept) === sha256) {
    markUsed(join(directory, name), nowMs());
    return readable(kept);
  }
  const fetched = await download(source, sha256);
  if (!fetched.ok) return fetched;
  if (hashOf(fetched.value) !== sha256)
    return refuse('model-refused', 'The studio sent another forecaster than the one its catalogue names.');
  const model = readable(fetched.value);
  if (model.ok) keepModelFile(directory, name, fetched.value, nowMs());
  return model;
}

async function download(
  { meshUrl, timeoutMs = GROOVE_MODEL_TIMEOUT_MS }: GrooveModelSource,
  sha256: string,
): Promise<Result<Uint8Array, 'model-refused'>> {
  const url = new URL(`api/models/${sha256}`, studioOf(meshUrl));
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
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
