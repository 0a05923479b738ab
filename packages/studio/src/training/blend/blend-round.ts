import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { SignedRelease } from '@jamnet/groove';
import type { NodeKey } from '@jamnet/jamnode';
import {
  type BlendModel,
  type BlendVerdict,
  decodeBlend,
  encodeBlend,
  SHIPPED_BLEND_MODEL,
} from '@jamnet/pnbtr';
import { writeWhole } from '../../config/write-whole.ts';
import { runChild } from '../../processes/child-program.ts';
import { type HostedChain, trainChainOnHosts } from '../chain-on-hosts.ts';
import { type HearingOptions, hearingOf } from '../hearing-options.ts';
import { ModelReleases } from '../model-releases.ts';
import type { HearingAnswer, Passed } from '../trial/trial-desk.ts';
import { type BlendPlan, blendChain, weightsOf } from './blend-chain.ts';
import { type Excerpt, excerptRows, excerptsSha256 } from './excerpt.ts';
import type { JudgeBlendOptions } from './judge-blend-main.ts';

export interface BlendRound extends Pick<HostedChain, 'mesh' | 'audience' | 'signal' | 'onInput'> {
  /** Names the tasks and draws the order: the same round again finds the same tasks. */
  readonly round: string;
  readonly excerpts: readonly Excerpt[];
  /** Sound that nothing is learnt from. */
  readonly heldOut: readonly Excerpt[];
  readonly plan: BlendPlan;
  /** Folder of released mixtures, and whose key signs them. */
  readonly models: string;
  readonly key: NodeKey;
  /** Folder of this round, for what the judge reads. */
  readonly folder: string;
  /** What curators are to hear of a candidate that passes its figures, and who lets it wait; absent: the figures alone decide. */
  readonly hearing?: HearingOptions & {
    readonly hear: (passed: Omit<Passed, 'learnt'>) => Promise<HearingAnswer>;
  };
  readonly nowUs: () => bigint;
  readonly onProgress: (phase: 'train' | 'judge', done: number, of: number) => void;
}

export interface BlendOutcome {
  readonly verdict: BlendVerdict;
  /** `null`: the gate refused it, or it waits for curators. */
  readonly released: SignedRelease | null;
  /** What became of it after its figures; `null` where they refused it, or alone decided. */
  readonly hearing: HearingAnswer | null;
}

export function blendReleases(directory: string, publicKey: string): ModelReleases {
  return new ModelReleases(directory, publicKey, decodeBlend);
}

/** The mixture that was released last, or the shipped one. */
export function currentBlend(list: ModelReleases): BlendModel {
  if (!list.current) return SHIPPED_BLEND_MODEL;
  const model = decodeBlend(list.read(list.current));
  if (!model.ok) throw new Failure(model.code, model.message);
  return model.value;
}

/** A whole round: hosts go on from the released mixture, the gate weighs what came of it on held-out sound, and it is released or refused with the reason. */
export async function conductBlendRound(round: BlendRound): Promise<BlendOutcome> {
  const list = () => blendReleases(round.models, round.key.publicKey);
  const before = list().current;
  const released = currentBlend(list());
  const last = await trainChainOnHosts({
    ...round,
    subject: round.round,
    chain: blendChain(round.round, round.excerpts, released.weights, round.plan),
    onStep: (done, of) => round.onProgress('train', done, of),
  });
  const id = `${released.id.split('.')[0]}.${round.round.replace(/[^a-z0-9]+/g, '-')}`.slice(0, 63);
  const candidate = encodeBlend({ id, weights: weightsOf(last) });
  const verdict = await judged(round, candidate, encodeBlend(released));
  if (verdict.code !== null) return { verdict, released: null, hearing: null };
  if (list().current?.version !== before?.version)
    throw new Failure(
      'released-meanwhile',
      'Another mixture was released while this round was judged: start it again, to be judged against that one.',
    );
  const byGate = {
    verdict: {
      bar: {
        jointPpm: ppmOf(verdict.gainDb),
        lowerPpm: verdict.lowerDb === null ? null : ppmOf(verdict.lowerDb),
      },
    },
    heldOutSha256: excerptsSha256(round.heldOut),
  };
  if (round.hearing) {
    const releasedSha256 = createHash('sha256').update(encodeBlend(released)).digest('hex');
    const passed = { round: round.round, model: id, bytes: candidate, byGate, releasedSha256 };
    const hearing = await round.hearing.hear(passed);
    return { verdict, released: hearing.state === 'released' ? hearing.released : null, hearing };
  }
  if (!before) list().release(round.key, encodeBlend(released), null, round.nowUs());
  return { verdict, released: list().release(round.key, candidate, byGate, round.nowUs()), hearing: null };
}

/** Decibels as the share of error energy that is gone, 1/1 000 000. */
function ppmOf(gainDb: number): bigint {
  return BigInt(Math.round(1e6 * (1 - 10 ** (-gainDb / 10))));
}

type Line =
  | { readonly type: 'judged'; readonly done: number }
  | { readonly type: 'verdict'; readonly verdict: BlendVerdict };

/** What the judge reads lies in files while it reads them; of sound nothing stays. */
async function judged(round: BlendRound, candidate: Uint8Array, released: Uint8Array): Promise<BlendVerdict> {
  const { folder, heldOut, signal } = round;
  const files: JudgeBlendOptions = {
    candidate: join(folder, 'candidate.blend'),
    released: join(folder, 'released.blend'),
    heldOut: join(folder, 'held-out.json'),
    packetFrames: round.plan.packetFrames,
    ...(round.hearing ? { hearing: hearingOf(round.hearing) } : {}),
  };
  let verdict: BlendVerdict | null = null;
  try {
    writeWhole(files.candidate, candidate);
    writeWhole(files.released, released);
    writeWhole(files.heldOut, JSON.stringify(excerptRows(heldOut)));
    const child = runChild({
      entry: new URL('./judge-blend-main.ts', import.meta.url),
      options: files,
      onLine: (value) => {
        const line = value as Line; // Our own program prints no others.
        if (line.type === 'judged') round.onProgress('judge', line.done, heldOut.length);
        else verdict = line.verdict;
      },
    });
    const stop = (): void => void child.stop();
    signal.addEventListener('abort', stop, { once: true });
    await child.ended.finally(() => signal.removeEventListener('abort', stop));
  } finally {
    rmSync(files.heldOut, { force: true });
  }
  if (verdict === null)
    throw new Failure('verdict-missing', 'The judge ended without a verdict: start the round again.');
  return verdict;
}
