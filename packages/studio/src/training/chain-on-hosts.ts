import { Failure, present, toHex } from '@jamnet/base';
import { platformSha256 } from '@jamnet/jamnode';
import type { MeshSocket } from '../mesh/mesh-socket.ts';

/** A training cut into steps: nothing but the checkpoints, as bytes, goes from one to the next. */
export interface TrainingChain {
  readonly kind: string;
  readonly start: Uint8Array;
  readonly length: number;
  /** Step `index`, 0 ≤ index < length, from the checkpoint at which the one before it ended. */
  step(index: number, checkpoint: Uint8Array): ChainStep;
  isCheckpoint(bytes: Uint8Array): boolean;
}

export interface ChainStep {
  /** As the kind's kernel reads it, and what it is stated to cost. */
  readonly input: Uint8Array;
  readonly operations: bigint;
  /** What the kernel gives; asked for only where a host's result cannot be one. */
  readonly computeHere: () => Uint8Array;
}

export interface HostedChain {
  readonly mesh: MeshSocket;
  readonly chain: TrainingChain;
  /** Names the tasks: the same chain under the same name finds what was computed before. */
  readonly subject: string;
  /** Whom the players let see what is learnt from. */
  readonly audience: 'strangers' | 'trusted';
  readonly signal: AbortSignal;
  /** Told the SHA-256 of each input before hosts get it. */
  readonly onInput?: (sha256: string) => void;
  /** After each step that was accepted, and when a false one sends the training back. */
  readonly onStep: (done: number, of: number) => void;
}

interface DoneStep {
  readonly task: string;
  readonly resultHash: string;
}

/**
 * Trains step by step on the mesh's hosts; answers the last checkpoint. Each step starts from the checkpoint that was accepted
 * for the one before. A result that is found false later takes everything back that was built on it. Rejects with a Failure when a
 * step is given up by the mesh, or when the signal aborts.
 */
export async function trainChainOnHosts(training: HostedChain): Promise<Uint8Array> {
  const { chain, onStep } = training;
  const done: DoneStep[] = [];
  let checkpoint = chain.start;
  while (done.length < chain.length) {
    const step = await computed(training, done.length, checkpoint);
    done.push(step);
    checkpoint = step.checkpoint;
    const standing = await countStanding(training, done);
    if (standing < done.length) {
      done.length = standing;
      checkpoint = await checkpointAfter(training, done);
    }
    onStep(done.length, chain.length);
  }
  return checkpoint;
}

async function computed(
  { mesh, chain, subject, audience, signal, onInput }: HostedChain,
  index: number,
  from: Uint8Array,
): Promise<DoneStep & { readonly checkpoint: Uint8Array }> {
  const { computeHere, ...step } = chain.step(index, from);
  onInput?.(toHex(platformSha256(step.input)));
  const task = { ...step, kind: chain.kind, version: 1, subject, audience };
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
  if (result && chain.isCheckpoint(result)) return { task: id, resultHash, checkpoint: result };
  // Accepted unchecked, and no checkpoint at all: the look at its pay before that is released finds the liar; meanwhile we compute it here.
  const here = computeHere();
  if (chain.isCheckpoint(here)) return { task: id, resultHash, checkpoint: here };
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
async function countStanding({ mesh }: HostedChain, done: readonly DoneStep[]): Promise<number> {
  const rows = new Map(
    (await mesh.options.coordinator.tasks(done.map(({ task }) => task))).map((row) => [row.id, row]),
  );
  const fallen = done.findIndex(({ task, resultHash }) => {
    const row = rows.get(task);
    return row?.state !== 'accepted' || row.resultHash !== resultHash;
  });
  return fallen < 0 ? done.length : fallen;
}

async function checkpointAfter({ mesh, chain }: HostedChain, done: readonly DoneStep[]): Promise<Uint8Array> {
  const last = done.at(-1);
  if (!last) return chain.start;
  const result = present(await mesh.options.coordinator.blob(last.resultHash), `result of ${last.task}`);
  if (chain.isCheckpoint(result)) return result;
  throw new Failure('step-malformed', `The result of ${last.task} is no checkpoint: start the round again.`);
}
