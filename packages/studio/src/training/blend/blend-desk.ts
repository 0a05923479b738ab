import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { Failure, ok, type Result, refuse, toHex } from '@jamnet/base';
import type { SignedRelease } from '@jamnet/groove';
import { type NodeKey, platformSha256 } from '@jamnet/jamnode';
import { type BlendVerdict, encodeBlend, SHIPPED_BLEND_MODEL } from '@jamnet/pnbtr';
import type { MeshSocket } from '../../mesh/mesh-socket.ts';
import type { TakeArchive } from '../../takes/take-archive.ts';
import { modelPlaces } from '../model-folders.ts';
import type { ModelReleases } from '../model-releases.ts';
import type { RevokedTakes } from '../revoked-takes.ts';
import { noteInput } from '../round-inputs.ts';
import { RoundRecord } from '../round-record.ts';
import type { ClipSource } from '../trial/trial-clips.ts';
import { CANDIDATE_WAITS, TrialDesk, type TrialDeskParts, type TrialEnd } from '../trial/trial-desk.ts';
import { BLEND_PLAN, type BlendPlan } from './blend-chain.ts';
import { blendReleases, conductBlendRound, currentBlend } from './blend-round.ts';
import { type Excerpt, excerptsSha256, ROUND_EXCERPTS_MAX } from './excerpt.ts';
import { takeExcerpts } from './take-excerpts.ts';

export interface BlendDeskParts {
  readonly dataDirectory: string;
  readonly archive: TakeArchive;
  readonly revoked: RevokedTakes;
  /** Draws what is held out: players must not foresee it. */
  readonly secret: Uint8Array;
  /** `null` until the studio listens. */
  readonly mesh: () => MeshSocket | null;
  readonly key: () => NodeKey;
  readonly curatorGroups: TrialDeskParts['curatorGroups'];
  readonly groupOf: TrialDeskParts['groupOf'];
  /** A round is over, whatever came of it. */
  readonly onEnd: () => Promise<void>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
}

export interface BlendRoundRequest {
  /** Sound of other sources, learnt from and measured by beside the takes. */
  readonly train: readonly Excerpt[];
  readonly heldOut: readonly Excerpt[];
  /** Hosts of any owner compute: takes whose players did not agree to that are left out. */
  readonly strangers: boolean;
  readonly plan?: Partial<BlendPlan>;
}

export type BlendRoundCode =
  | 'round-running'
  | 'candidate-waiting'
  | 'studio-not-running'
  | 'nothing-to-learn'
  | 'nothing-held-out'
  | 'round-size';

export interface BlendRoundView {
  readonly round: string;
  /** `candidate`: it has its figures, and curators hear it. */
  readonly phase: 'train' | 'judge' | 'candidate' | 'released' | 'refused' | 'failed';
  readonly done: number;
  readonly of: number;
  /** Why it waits, was released, refused or failed; empty while it runs. */
  readonly reason: string;
  /** Figures on the held-out sound before and after; `null` until it is judged. */
  readonly verdict: BlendVerdict | null;
  readonly released: SignedRelease | null;
}

/** Released mixtures of PNBTR, and the one round that trains the next. */
export class BlendDesk {
  /** Candidates that passed their figures, until curators have heard them. */
  readonly trial: TrialDesk;
  readonly #parts: BlendDeskParts;
  readonly #stop = new AbortController();
  #round: BlendRoundView | null = null;
  #running: Promise<void> | null = null;

  constructor(parts: BlendDeskParts) {
    this.#parts = parts;
    this.trial = new TrialDesk({
      ...{ key: parts.key, curatorGroups: parts.curatorGroups, groupOf: parts.groupOf, nowUs: parts.nowUs },
      models: this.#modelsFolder(),
      releases: () => this.#releases(),
      shipped: () => encodeBlend(SHIPPED_BLEND_MODEL),
      onEnd: async (end) => this.#endTrial(end),
    });
  }

  /** SHA-256 (hex) of the mixture that runs now, and the signed list. */
  models(): { readonly current: string; readonly releases: readonly SignedRelease[] } {
    const list = this.#releases();
    return { current: toHex(platformSha256(encodeBlend(currentBlend(list)))), releases: list.releases };
  }

  /** A mixture that was released, or the shipped one; `null` for any other hash. */
  model(sha256: string): Uint8Array | null {
    const list = this.#releases();
    const release = list.releases.find(({ modelSha256 }) => modelSha256 === sha256);
    if (release) return list.read(release);
    const shipped = encodeBlend(SHIPPED_BLEND_MODEL);
    return toHex(platformSha256(shipped)) === sha256 ? shipped : null;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** The round that runs, or the last one since the studio started. */
  round(): BlendRoundView | null {
    return this.#round;
  }

  /** Begins a round; it goes on in the background and is asked for by {@link round}. */
  async begin(request: BlendRoundRequest): Promise<Result<BlendRoundView, BlendRoundCode>> {
    const mesh = this.#parts.mesh();
    if (mesh === null) return refuse('studio-not-running', 'No hosts are connected: start the studio first.');
    if (this.#running) return refuseSecond();
    if (this.trial.waiting() !== null) return CANDIDATE_WAITS;
    const { archive, revoked, secret } = this.#parts;
    const takes = (await takeExcerpts(archive, revoked, secret)).filter(
      ({ strangers }) => strangers || !request.strangers,
    );
    const ofUse = (use: string) =>
      takes.filter((take) => take.use === use).flatMap(({ excerpts }) => excerpts);
    const excerpts = [...request.train, ...ofUse('train')];
    const heldOut = [...request.heldOut, ...ofUse('held-out')];
    const refusal = refusalOf(excerpts.length, heldOut.length);
    if (refusal) return refusal;
    if (this.#running) return refuseSecond();
    const round = `blend-${this.#parts.nowUs()}`;
    const record = {
      round,
      takes: takes.map(({ excerpts: pieces, ...take }) => ({ ...take, pieces: pieces.length })),
      trainSha256: excerptsSha256(excerpts),
      heldOutSha256: excerptsSha256(heldOut),
    };
    const view: BlendRoundView = {
      round,
      phase: 'train',
      done: 0,
      of: 0,
      reason: '',
      verdict: null,
      released: null,
    };
    this.#round = view;
    const sources = [
      ...request.heldOut.map(() => null),
      ...takes
        .filter(({ use }) => use === 'held-out')
        .flatMap(({ excerpts: pieces, take, player, strangers }) =>
          pieces.map(() => strangers && { take, player }),
        ),
    ];
    const parts = { excerpts, heldOut, sources, request, record };
    this.#running = this.#conduct(mesh, view, parts).finally(() => {
      this.#running = null;
      this.trial.sweep();
      return this.#parts.onEnd();
    });
    return ok(view);
  }

  /** Ends a round that runs. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #conduct(
    mesh: MeshSocket,
    view: BlendRoundView,
    { excerpts, heldOut, sources, request, record }: RoundParts,
  ): Promise<void> {
    const { dataDirectory, key, nowUs } = this.#parts;
    const folder = join(dataDirectory, 'training', 'blend-rounds', view.round);
    const file = new RoundRecord(folder);
    // Before anything is sent: by it the inputs of a player who takes the consent back are found.
    file.write({ ...record, outcome: null });
    const end = (by: Pick<BlendRoundView, 'phase' | 'reason'> & Partial<BlendRoundView>): void => {
      this.#round = { ...view, ...by };
      const { phase, reason, verdict, released } = this.#round;
      const outcome = { phase, reason, verdict, released };
      file.write({ ...record, outcome });
    };
    try {
      const { verdict, released, hearing } = await conductBlendRound({
        mesh,
        round: view.round,
        excerpts,
        heldOut,
        audience: request.strangers ? 'strangers' : 'trusted',
        plan: { ...BLEND_PLAN, ...request.plan },
        models: this.#modelsFolder(),
        key: key(),
        folder,
        onInput: (sha256) => noteInput(folder, sha256),
        hearing: {
          clips: this.trial.clipsFolder,
          seed: createHmac('sha256', this.#parts.secret).update(`trial ${view.round}`).digest('hex'),
          sources,
          hear: (passed) => this.trial.hear({ ...passed, learnt: [] }),
        },
        signal: this.#stop.signal,
        nowUs,
        onProgress: (phase, done, of) => {
          this.#round = { ...view, phase, done, of };
        },
      });
      const phase = hearing?.state === 'waits' ? 'candidate' : released ? 'released' : 'refused';
      end({ phase, reason: [verdict.reason, hearing?.reason].filter(Boolean).join(' '), verdict, released });
    } catch (error) {
      // Whatever ended it, a full disk included: the studio goes on, and tells it.
      const reason = error instanceof Error ? error.message : String(error);
      this.#round = { ...view, phase: 'failed', reason };
      if (!(error instanceof Failure)) process.stderr.write(`training ${view.round}: ${reason}\n`);
    }
  }

  /** What curators have decided on a candidate of a round that may be days old. */
  #endTrial({ round, reason, released }: TrialEnd): void {
    const ended = { phase: released ? 'released' : 'refused', reason, released } as const;
    if (this.#round?.round === round) this.#round = { ...this.#round, ...ended };
    const { dataDirectory } = this.#parts;
    new RoundRecord(join(dataDirectory, 'training', 'blend-rounds', round)).end(ended);
  }

  #modelsFolder(): string {
    return modelPlaces(this.#parts.dataDirectory).blend;
  }

  /** Read anew: a release is made in the same folder. */
  #releases(): ModelReleases {
    return blendReleases(this.#modelsFolder(), this.#parts.key().publicKey);
  }
}

interface RoundParts {
  readonly excerpts: readonly Excerpt[];
  readonly heldOut: readonly Excerpt[];
  /** Of what is held out: whose it is, `null` for a file's, `false` where strangers must not hear it. */
  readonly sources: readonly (ClipSource | null | false)[];
  readonly request: BlendRoundRequest;
  readonly record: object;
}

function refuseSecond() {
  return refuse('round-running', 'A round runs already: wait until it has ended.');
}

function refusalOf(train: number, heldOut: number) {
  if (train === 0)
    return refuse(
      'nothing-to-learn',
      'No take may be learnt from: ask players for consent, or give sound with --sound.',
    );
  if (heldOut === 0)
    return refuse('nothing-held-out', 'Nothing is held out to measure by: give sound with --held-out.');
  if (Math.max(train, heldOut) > 2 * ROUND_EXCERPTS_MAX)
    return refuse('round-size', `A round takes at most ${2 * ROUND_EXCERPTS_MAX} excerpts: give it fewer.`);
  return null;
}
