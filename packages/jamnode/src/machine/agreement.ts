import { Failure, type Result, refuse } from '@jamnet/base';
import { compareChunk } from '@jamnet/mesh';
import { standardCatalogue } from '../kernels/standard-catalogue.ts';
import { shippedModels } from '../models/shipped-models.ts';
import { drawnSound, drawnSoundModel } from '../onnx/drawn-sound-model.ts';
import { drawnImage } from '../onnx/fit-upscaler.ts';
import { LESSER_WEIGHTS, type LesserWeights, withLesserWeights } from '../onnx/lesser-weights.ts';
import { type Model, readModel } from '../onnx/read-model.ts';
import { type Backend, ModelRunner } from '../onnx/run-model.ts';
import { floatsToBytes, type InputTensor } from '../onnx/tensor-bytes.ts';
import { writeModel } from '../onnx/write-model.ts';

/** How far one back end is from ONNX Runtime's own code on one model, dB of signal to noise, at most 400. */
export interface AgreementRow {
  /** A kind of the catalogue, or `drawn sound`: eight residual layers with drawn weights, which no kind has. */
  readonly model: string;
  readonly backend: Backend;
  /** What the kind asks for; 110 for the drawn model. */
  readonly gateDecibel: number;
  /** The model as it is. */
  readonly honestDecibel: number;
  /** The same model with cheaper weights. */
  readonly cheatDecibel: Readonly<Record<LesserWeights, number>>;
}

interface Subject {
  readonly model: string;
  readonly gateDecibel: number;
  readonly bytes: Uint8Array;
  readonly input: InputTensor;
}

/** Edge of the image, pixels. */
const EDGE = 64;
const DRAWN_GATE_DECIBEL = 110;

/** Each model on `backend` beside ONNX Runtime's own code on this processor. Refused with what the back end said. */
export async function measureAgreement(
  backend: Backend,
): Promise<Result<AgreementRow[], 'backend-unavailable'>> {
  const rows: AgreementRow[] = [];
  try {
    for (const subject of subjects()) rows.push(await rowOf(subject, backend));
  } catch (error) {
    return refuse('backend-unavailable', error instanceof Error ? error.message.trim() : 'failed');
  }
  return { ok: true, value: rows };
}

function subjects(): Subject[] {
  const { rows, columns, pixels } = drawnImage('agreement', EDGE);
  const image: InputTensor = { dims: [1, 1, rows, columns], values: pixels };
  const kinds = shippedModels().map(
    ({ kind, bytes }): Subject => ({ model: kind, gateDecibel: gateOf(kind), bytes, input: image }),
  );
  const bytes = writeModel(drawnSoundModel());
  return [...kinds, { model: 'drawn sound', gateDecibel: DRAWN_GATE_DECIBEL, bytes, input: drawnSound() }];
}

function gateOf(kind: string): number {
  const tolerance = standardCatalogue().find((entry) => entry.kind === kind)?.tolerance;
  return tolerance?.rule === 'snr' ? tolerance.decibelMin : Number.POSITIVE_INFINITY;
}

async function rowOf({ model, gateDecibel, bytes, input }: Subject, backend: Backend): Promise<AgreementRow> {
  const graph = readModel(bytes);
  if (!graph.ok) throw new Failure(graph.code, graph.message);
  const truth = await compute(graph.value, bytes, input, 'cpu');
  const decibelOf = async (file: Uint8Array): Promise<number> => {
    const claimed = await compute(graph.value, file, input, backend);
    const { milliDecibel } = compareChunk({ rule: 'snr', decibelMin: gateDecibel }, 0, truth, claimed);
    return (milliDecibel ?? 0) / 1000;
  };
  const honestDecibel = await decibelOf(bytes);
  const cheats: [LesserWeights, number][] = [];
  for (const lesser of LESSER_WEIGHTS)
    cheats.push([lesser, await decibelOf(withLesserWeights(bytes, graph.value, lesser))]);
  // One of each of the list.
  const cheatDecibel = Object.fromEntries(cheats) as Record<LesserWeights, number>;
  return { model, backend, gateDecibel, honestDecibel, cheatDecibel };
}

async function compute(
  model: Model,
  bytes: Uint8Array,
  input: InputTensor,
  backend: Backend,
): Promise<Uint8Array> {
  const runner = await ModelRunner.open(model, bytes, backend);
  try {
    return floatsToBytes(await runner.run(input));
  } finally {
    await runner.close();
  }
}
