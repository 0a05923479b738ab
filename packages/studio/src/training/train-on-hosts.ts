import { Failure, present } from '@jamnet/base';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeStep,
  runStep,
  stepOperations,
  type TrainingRun,
} from '@jamnet/groove';
import type { MeshSocket } from '../mesh/mesh-socket.ts';

export interface HostedTraining {
  readonly mesh: MeshSocket;
  readonly run: TrainingRun;
  /** Names the tasks: the same run under the same name finds what was computed before. */
  readonly subject: string;
  /** Whom the players let see what is learnt from. */
  readonly audience: 'strangers' | 'trusted';
  readonly signal: AbortSignal;
  /** After each step that was accepted, and when a false one sends the training back. */
  readonly onStep: (done: number, of: number) => void;
}

interface DoneStep {
  readonly task: string;
  readonly resultHash: string;
}

/**
 * Trains one network step by step on the mesh's hosts; answers its parameters. Each step starts from the checkpoint that was accepted
 * for the one before. A result that is found false later takes everything back that was built on it. Rejects with a Failure when a
 * step is given up by the mesh, or when the signal aborts.
 */
export async function trainOnHosts(training: HostedTraining): Promise<Float32Array> {
  const { run, onStep } = training;
  const done: DoneStep[] = [];
  let checkpoint = run.start;
  while (done.length < run.length) {
    const step = await computed(training, done.length, checkpoint);
    done.push(step);
    checkpoint = step.checkpoint;
    const standing = await countStanding(training, done);
    if (standing < done.length) {
      done.length = standing;
      checkpoint = await checkpointAfter(training, done);
    }
    onStep(done.length, run.length);
  }
  return checkpoint.parameters;
}

async function computed(
  { mesh, run, subject, audience, signal }: HostedTraining,
  index: number,
  from: Checkpoint,
): Promise<DoneStep & { readonly checkpoint: Checkpoint }> {
  const step = run.step(index, from);
  const task = {
    kind: 'groove.train-step',
    version: 1,
    input: encodeStep(step),
    operations: stepOperations(step),
    subject,
    audience,
  };
  const created = await mesh.apply({ type: 'create', tasks: [task] });
  if (!created.ok) throw new Failure(created.code, created.message);
  const [id = ''] = created.value.tasks;
  const resultHash = await acceptedResult(mesh, id, signal);
  if (resultHash === null)
    throw new Failure(
      'step-given-up',
      `No host could compute step ${index + 1} of ${subject}: connect more nodes and start the round again.`,
    );
  const result = await mesh.options.coordinator.blob(resultHash);
  const checkpoint = decodeCheckpoint(result ?? new Uint8Array(0));
  if (checkpoint.ok) return { task: id, resultHash, checkpoint: checkpoint.value };
  // Accepted unchecked, and no checkpoint at all: the look at its pay before that is released finds the liar; meanwhile we compute it here.
  const here = decodeCheckpoint(encodeCheckpoint(runStep(step)));
  if (here.ok) return { task: id, resultHash, checkpoint: here.value };
  throw new Failure(
    'step-unusable',
    `Step ${index + 1} of ${subject} has no result: an earlier host was false and is not found yet. Start the round again under another name.`,
  );
}

/** Hash of what was accepted for the task; `null`: it was given up. What is taken back between news and look is waited for again. */
async function acceptedResult(mesh: MeshSocket, task: string, signal: AbortSignal): Promise<string | null> {
  for (;;) {
    await mesh.untilDone([task], signal);
    const [row] = await mesh.options.coordinator.tasks([task]);
    if (row?.state === 'accepted' && row.resultHash !== null) return row.resultHash;
    if (row?.state === 'failed') return null;
  }
}

/** How many steps from the first on are still accepted with the result that was built on. */
async function countStanding({ mesh }: HostedTraining, done: readonly DoneStep[]): Promise<number> {
  const rows = new Map(
    (await mesh.options.coordinator.tasks(done.map(({ task }) => task))).map((row) => [row.id, row]),
  );
  const fallen = done.findIndex(({ task, resultHash }) => {
    const row = rows.get(task);
    return row?.state !== 'accepted' || row.resultHash !== resultHash;
  });
  return fallen < 0 ? done.length : fallen;
}

async function checkpointAfter(
  { mesh, run }: HostedTraining,
  done: readonly DoneStep[],
): Promise<Checkpoint> {
  const last = done.at(-1);
  if (!last) return run.start;
  const result = present(await mesh.options.coordinator.blob(last.resultHash), `result of ${last.task}`);
  const checkpoint = decodeCheckpoint(result);
  if (!checkpoint.ok) throw new Failure(checkpoint.code, checkpoint.message);
  return checkpoint.value;
}
