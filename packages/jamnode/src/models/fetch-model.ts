import { ok, type Result, refuse } from '@jamnet/base';
import { MODEL_BYTES_MAX } from '../onnx/read-model.ts';
import { studioOf } from '../pairing/owner-desk.ts';

const TIMEOUT_MS = 60_000;

/** Where a studio keeps the models of its catalogue: below its address, for anybody. */
export const MODELS_PATH = 'public/models';

export type FetchModelCode = 'model-unreachable' | 'model-too-large';

/** A model's bytes from the studio of a coordinator, no more of them than a model may have; whether they are the model is not looked at. */
export async function fetchModel(
  meshUrl: string,
  sha256: string,
): Promise<Result<Uint8Array, FetchModelCode>> {
  const url = new URL(`${MODELS_PATH}/${sha256}.onnx`, studioOf(meshUrl));
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel();
      return refuse('model-unreachable', `${url} answers ${answer.status}: the studio has no such model.`);
    }
    return await bounded(answer.body);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'failed';
    return refuse('model-unreachable', `${url}: ${why}. It is tried again with the next task.`);
  }
}

/** No more of an answer than a model may have. */
export async function bounded(
  body: ReadableStream<Uint8Array>,
): Promise<Result<Uint8Array, 'model-too-large'>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    // Leaving the loop cancels the rest.
    if (bytes > MODEL_BYTES_MAX)
      return refuse('model-too-large', `The studio sends more than ${MODEL_BYTES_MAX} bytes.`);
    pieces.push(piece);
  }
  return ok(Buffer.concat(pieces));
}
