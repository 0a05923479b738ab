import { createHash } from 'node:crypto';
import { Failure } from '@jamnet/base';
import {
  decodeModel,
  encodeModel,
  type GateVerdict,
  type GrooveModel,
  type MidiPerformance,
  performancesSha256,
  type SignedRelease,
} from '@jamnet/groove';
import { type NodeKey, releasedModelBytes } from '@jamnet/jamnode';
import { writeWhole } from '../config/write-whole.ts';
import { type Judged, judgeInChild } from './judge-in-child.ts';
import { ModelReleases } from './model-releases.ts';
import { performanceRows } from './performance-rows.ts';
import { removeStrokes, roundFiles } from './round-files.ts';
import { type RoundTraining, trainRound } from './round-training.ts';

export interface RoundOptions extends Omit<RoundTraining, 'model' | 'from' | 'onStep'> {
  /** Performances that are in no training set. */
  readonly heldOut: readonly MidiPerformance[];
  /** Folder of released models, and whose key signs them. */
  readonly models: string;
  readonly key: NodeKey;
  /** Folder of this round: candidate, what it was measured by, and the outcome are left there. */
  readonly folder: string;
  readonly fromScratch: boolean;
  readonly nowUs: () => bigint;
  /** Share of what is under way that is done, 0…1, and what that is. */
  readonly onProgress: (phase: 'train' | 'judge', done: number, of: number) => void;
}

export interface RoundOutcome {
  readonly candidateSha256: string;
  readonly heldOutSha256: string;
  readonly verdict: GateVerdict;
  /** Of each performance learnt from, in `SHAPLEY_UNIT` (see `takeValues`); empty when it was refused. */
  readonly values: readonly bigint[];
  /** `null`: the gate refused it. */
  readonly released: SignedRelease | null;
}

/** A whole round: hosts train a candidate, the gate judges it on what was held out, and it is released, or refused with the reason. */
export async function conductRound(options: RoundOptions): Promise<RoundOutcome> {
  const list = () => new ModelReleases(options.models, options.key.publicKey);
  const { current } = list();
  const releasedBytes = current ? list().read(current) : releasedModelBytes();
  const released = modelOf(releasedBytes);
  const candidate = await trainRound({
    ...options,
    model: `${baseOf(released.id)}.${options.round.replace(/[^a-z0-9]+/g, '-')}`.slice(0, 63),
    from: options.fromScratch ? null : released,
    onStep: (done, of) => options.onProgress('train', done, of),
  });
  const bytes = encodeModel(candidate);
  const { verdict, values } = await judged(options, bytes, releasedBytes);
  const heldOutSha256 = performancesSha256(options.heldOut);
  const outcome = {
    candidateSha256: createHash('sha256').update(bytes).digest('hex'),
    heldOutSha256,
    verdict,
    values,
  };
  if (verdict.code !== null) return { ...outcome, released: null };
  if (list().current?.version !== current?.version)
    throw new Failure(
      'released-meanwhile',
      'Another model was released while this round was judged: start it again, to be judged against that one.',
    );
  if (!current) list().release(options.key, releasedBytes, null, options.nowUs());
  const line = list().release(options.key, bytes, { verdict, heldOutSha256 }, options.nowUs());
  return { ...outcome, released: line };
}

/** What the judge reads lies in files while it reads them. */
async function judged(options: RoundOptions, candidate: Uint8Array, released: Uint8Array): Promise<Judged> {
  const { folder, heldOut, signal } = options;
  const files = roundFiles(folder);
  try {
    writeWhole(files.candidate, candidate);
    writeWhole(files.released, released);
    writeWhole(files.train, JSON.stringify(performanceRows(options.performances)));
    writeWhole(files.heldOut, JSON.stringify(performanceRows(heldOut)));
    return await judgeInChild(files, signal, (done) => options.onProgress('judge', done, heldOut.length));
  } finally {
    removeStrokes(folder);
  }
}

function modelOf(bytes: Uint8Array): GrooveModel {
  const model = decodeModel(bytes);
  if (!model.ok) throw new Failure(model.code, model.message);
  return model.value;
}

/** `groove-1` of `groove-1.take-up`: what comes of it is named after the first of its line and its own round. */
function baseOf(id: string): string {
  return id.split('.')[0] ?? id;
}
