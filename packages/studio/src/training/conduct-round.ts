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
import { type HearingOptions, hearingOf } from './hearing-options.ts';
import { type Judged, judgeInChild } from './judge-in-child.ts';
import { ModelReleases } from './model-releases.ts';
import { performanceRows } from './performance-rows.ts';
import { removeStrokes, roundFiles } from './round-files.ts';
import { type RoundTraining, trainRound } from './round-training.ts';
import type { HearingAnswer, Passed } from './trial/trial-desk.ts';

export interface RoundOptions extends Omit<RoundTraining, 'model' | 'from' | 'onStep'> {
  /** Performances that are in no training set. */
  readonly heldOut: readonly MidiPerformance[];
  /** Folder of released models, and whose key signs them. */
  readonly models: string;
  readonly key: NodeKey;
  /** Folder of this round: candidate, what it was measured by, and the outcome are left there. */
  readonly folder: string;
  readonly fromScratch: boolean;
  /** What curators are to hear of a candidate that passes its figures, and who lets it wait; absent: the figures alone decide. */
  readonly hearing?: RoundHearing;
  readonly nowUs: () => bigint;
  /** Share of what is under way that is done, 0…1, and what that is. */
  readonly onProgress: (phase: 'train' | 'judge', done: number, of: number) => void;
}

export interface RoundHearing extends HearingOptions {
  /** `values` as in {@link RoundOutcome}. */
  readonly hear: (passed: Omit<Passed, 'learnt'>, values: readonly bigint[]) => Promise<HearingAnswer>;
}

export interface RoundOutcome {
  readonly candidateSha256: string;
  readonly heldOutSha256: string;
  readonly verdict: GateVerdict;
  /** Of each performance learnt from, in `SHAPLEY_UNIT` (see `takeValues`); empty when it was refused. */
  readonly values: readonly bigint[];
  /** `null`: the gate refused it, or it waits for curators. */
  readonly released: SignedRelease | null;
  /** What became of it after its figures; `null` where they refused it, or alone decided. */
  readonly hearing: HearingAnswer | null;
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
  if (verdict.code !== null) return { ...outcome, released: null, hearing: null };
  if (list().current?.version !== current?.version)
    throw new Failure(
      'released-meanwhile',
      'Another model was released while this round was judged: start it again, to be judged against that one.',
    );
  const byGate = { verdict, heldOutSha256 };
  if (options.hearing) {
    const releasedSha256 = createHash('sha256').update(releasedBytes).digest('hex');
    const passed = { round: options.round, model: candidate.id, bytes, byGate, releasedSha256 };
    const hearing = await options.hearing.hear(passed, values);
    return { ...outcome, released: hearing.state === 'released' ? hearing.released : null, hearing };
  }
  if (!current) list().release(options.key, releasedBytes, null, options.nowUs());
  const line = list().release(options.key, bytes, byGate, options.nowUs());
  return { ...outcome, released: line, hearing: null };
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
    const { hearing } = options;
    const asked = hearing ? { ...files, hearing: hearingOf(hearing) } : files;
    return await judgeInChild(asked, signal, (done) => options.onProgress('judge', done, heldOut.length));
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
