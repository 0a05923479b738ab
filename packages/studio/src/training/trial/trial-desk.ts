import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, ok, oneAfterAnother, present, type Result, refuse } from '@jamnet/base';
import type { SignedRelease } from '@jamnet/groove';
import type { NodeKey } from '@jamnet/jamnode';
import { writeWhole } from '../../config/write-whole.ts';
import type { ByGate, ModelReleases } from '../model-releases.ts';
import {
  type CandidateEnded,
  CandidateJournal,
  type CandidateOpened,
  wholeText,
} from './candidate-journal.ts';
import { type ClipSource, type ClipVersions, type TrialClip, TrialClips } from './trial-clips.ts';
import {
  TRIAL_POLICY,
  type TrialPolicy,
  type TrialVerdict,
  type TrialVote,
  trialVerdict,
} from './trial-verdict.ts';

export interface TrialDeskParts {
  /** Folder of released models: the journal and what waits lie beside them. */
  readonly models: string;
  readonly key: () => NodeKey;
  /** Read anew at each call: others release in the same folder. */
  readonly releases: () => ModelReleases;
  /** What runs where nothing was released yet. */
  readonly shipped: () => Uint8Array;
  /** Owner groups of those who may judge; nobody else's answers come. */
  readonly curatorGroups: () => Promise<readonly string[]>;
  /** Owner group of a take's player; `null`: nobody said who that is. */
  readonly groupOf: (source: ClipSource) => Promise<string | null>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** Told before a release is taken as ended, again after a crash: pays, and writes down. */
  readonly onEnd: (ended: TrialEnd) => Promise<void>;
  readonly policy?: TrialPolicy;
}

/** A candidate that passed its figures. */
export interface Passed {
  /** Name of its round. */
  readonly round: string;
  readonly model: string;
  readonly bytes: Uint8Array;
  readonly byGate: ByGate;
  /** Of the model that it was measured against. */
  readonly releasedSha256: string;
  /** What it learnt from: whoever is paid when it is released does not judge it. */
  readonly learnt: readonly ClipSource[];
}

export interface TrialEnd {
  readonly round: string;
  readonly reason: string;
  /** `null`: it was refused. */
  readonly released: SignedRelease | null;
}

export type HearingAnswer =
  | { readonly state: 'waits'; readonly reason: string }
  /** Nobody can hear it: its figures alone have released it, and why. */
  | { readonly state: 'released'; readonly reason: string; readonly released: SignedRelease };

/** As it is told: of what was answered only how many groups did, so that nobody follows. */
export interface CandidateView {
  readonly model: string;
  readonly modelSha256: string;
  readonly gainPpm: bigint;
  readonly gainLowerPpm: bigint | null;
  readonly clips: number;
  readonly openedAtUs: bigint;
  readonly deadlineUs: bigint;
  readonly state: 'waiting' | 'released' | 'refused';
  /** By what it was decided; `null` while it waits. */
  readonly code: CandidateEnded['code'] | null;
  readonly reason: string;
  readonly groups: number;
  readonly groupsMin: number;
  /** When it was decided; `null` while it waits. */
  readonly endedAtUs: bigint | null;
}

interface About {
  readonly round: string;
  readonly learnt: readonly ClipSource[];
}

/** Asked for a second one. */
export const CANDIDATE_WAITS = refuse(
  'candidate-waiting',
  'A candidate waits for curators: let it be decided, or withdraw it.',
);

/** Candidates told at a time, the newest first. */
export const CANDIDATES_SHOWN_MAX = 50;

/**
 * Between the figures and the release: a candidate waits while curators hear it beside the released model, without knowing which is
 * which. One at a time of a kind of model.
 */
export class TrialDesk {
  readonly #parts: TrialDeskParts;
  readonly #policy: TrialPolicy;
  readonly #folder: string;
  readonly #clips: TrialClips;
  readonly #inTurn = oneAfterAnother();
  #journal: CandidateJournal | null = null;
  /** Of the votes seen last: what is told while it waits. */
  #standing: Pick<TrialVerdict, 'groups' | 'reason'> | null = null;

  constructor(parts: TrialDeskParts) {
    this.#parts = parts;
    this.#policy = parts.policy ?? TRIAL_POLICY;
    this.#folder = join(parts.models, 'trial');
    this.#clips = new TrialClips(this.clipsFolder);
    // What was rendered for a round that ended with the studio is heard by nobody.
    if (existsSync(this.#folder) && this.waiting() === null) this.#clear();
  }

  /** Where the judge of a round leaves what curators are to hear. */
  get clipsFolder(): string {
    return join(this.#folder, 'clips');
  }

  waiting(): CandidateOpened | null {
    return this.#lines().waiting;
  }

  /** The newest first. */
  candidates(): readonly CandidateView[] {
    const { lines } = this.#lines();
    const views = lines.flatMap((line, index) =>
      line.kind === 'candidate' ? [this.#viewOf(line, lines[index + 1] ?? null)] : [],
    );
    return views.slice(-CANDIDATES_SHOWN_MAX).reverse();
  }

  /** Lets a candidate wait, or releases it at once where too few could ever judge it. Throws a `Failure` where it cannot be written. */
  hear(passed: Passed): Promise<HearingAnswer> {
    return this.#inTurn(async () => {
      const why = await this.#cannotBeHeard(passed);
      const { model, bytes, byGate, round, learnt } = passed;
      if (why !== null) {
        const released = this.#release(bytes, byGate);
        this.#clear();
        return { state: 'released', reason: why, released };
      }
      const about: About = { round, learnt };
      const openedAtUs = this.#parts.nowUs();
      writeWhole(this.#modelFile(), bytes);
      writeWhole(this.#aboutFile(), JSON.stringify(about), 0o600);
      const { jointPpm, lowerPpm } = byGate.verdict.bar;
      this.#lines().append({
        kind: 'candidate',
        model,
        modelSha256: sha256Of(bytes),
        releasedSha256: passed.releasedSha256,
        heldOutSha256: byGate.heldOutSha256,
        gainPpm: wholeText(jointPpm),
        gainLowerPpm: lowerPpm === null ? null : wholeText(lowerPpm),
        clips: this.#clips.list().length,
        openedAtUs: wholeText(openedAtUs),
        deadlineUs: wholeText(openedAtUs + this.#policy.deadlineUs),
      });
      this.#standing = null;
      const { reason } = present(this.candidates()[0], 'the candidate just opened');
      return { state: 'waits', reason };
    });
  }

  /** What somebody of this owner group may judge now: nothing that the group played, and nothing at all where it is paid for the release. */
  async clipsFor(ownerGroup: string): Promise<readonly TrialClip[]> {
    if (this.waiting() === null) return [];
    if ((await this.#interested(this.#about().learnt)).has(ownerGroup)) return [];
    const own = await Promise.all(
      this.#clips.list().map(async ({ source }) => source && (await this.#parts.groupOf(source))),
    );
    return this.#clips.list().filter((_, index) => own[index] !== ownerGroup);
  }

  /** `null`: it is decided, or its player took the consent back. */
  find(clip: string): TrialClip | null {
    return this.waiting() && (this.#clips.list().find(({ id }) => id === clip) ?? null);
  }

  versions(clip: TrialClip): ClipVersions {
    return this.#clips.versions(clip);
  }

  /** Pairs that one curator hears in all. */
  get pairsMax(): number {
    return this.#policy.openPairs + this.#policy.plants;
  }

  /** Decides if it can be decided by now; `votes` gives all answers about the clips it is asked for. */
  settle(votes: (clips: ReadonlySet<string>) => Promise<readonly TrialVote[]>): Promise<void> {
    return this.#inTurn(async () => {
      const waiting = this.waiting();
      if (waiting === null) return;
      const heard = await votes(new Set(this.#clips.list().map(({ id }) => id)));
      // Somebody may have been named as a player only after they had judged.
      const interested = await this.#interested(this.#about().learnt);
      const verdict = trialVerdict(
        this.#policy,
        heard.filter(({ ownerGroup }) => !interested.has(ownerGroup)),
        { openedAtUs: BigInt(waiting.openedAtUs), nowUs: this.#parts.nowUs() },
      );
      const { groups } = verdict;
      const current = this.#currentSha256();
      // It was released and the studio ended before that was written down.
      if (current === waiting.modelSha256)
        return this.#end(waiting, { code: 'heard', reason: RELEASED_BEFORE, groups }, 'released');
      if (current !== waiting.releasedSha256)
        return this.#end(waiting, { code: 'released-meanwhile', reason: MEANWHILE, groups }, 'refused');
      this.#standing = verdict;
      if (verdict.state === 'waiting' || verdict.code === null) return;
      await this.#end(waiting, { ...verdict, code: verdict.code }, verdict.state);
    });
  }

  /** The operator takes the candidate back: it is refused, with the reason. */
  withdraw(reason: string): Promise<Result<CandidateView, 'nothing-waits' | 'reason-missing'>> {
    return this.#inTurn(async () => {
      const waiting = this.waiting();
      if (waiting === null) return refuse('nothing-waits', 'No candidate waits for curators.');
      const told = reason.trim().slice(0, 500);
      if (told === '') return refuse('reason-missing', 'Say why it is withdrawn: the journal keeps it.');
      const groups = this.#standing?.groups ?? 0;
      await this.#end(waiting, { code: 'withdrawn', reason: told, groups }, 'refused');
      return ok(present(this.candidates()[0], 'the candidate just withdrawn'));
    });
  }

  /** Nothing of this player is heard any more. */
  forget(source: ClipSource): number {
    return this.#clips.remove(source);
  }

  /** Removes what was rendered for a round that was refused. */
  sweep(): void {
    if (this.waiting() === null) this.#clear();
  }

  async #cannotBeHeard({ learnt }: Passed): Promise<string | null> {
    const { groupsMin, openMin, plantsMin } = this.#policy;
    const clips = this.#clips.list();
    const plants = clips.filter(({ isPlant }) => isPlant).length;
    if (plants < plantsMin || clips.length - plants < openMin)
      return 'Too little of what is held out may be heard by curators: its figures alone have decided.';
    const interested = await this.#interested(learnt);
    const groups = new Set((await this.#parts.curatorGroups()).filter((group) => !interested.has(group)));
    if (groups.size < groupsMin)
      return `Curators of ${groups.size} owner groups could judge it and ${groupsMin} are needed: its figures alone have decided.`;
    return null;
  }

  /** Who is paid for the release. */
  async #interested(learnt: readonly ClipSource[]): Promise<ReadonlySet<string | null>> {
    return new Set(await Promise.all(learnt.map((source) => this.#parts.groupOf(source))));
  }

  async #end(
    waiting: CandidateOpened,
    end: Pick<CandidateEnded, 'code' | 'reason' | 'groups'>,
    kind: CandidateEnded['kind'],
  ): Promise<void> {
    const released = kind === 'released' ? this.#releaseOnce(waiting) : null;
    await this.#parts.onEnd({ round: this.#about().round, reason: end.reason, released });
    const { code, reason, groups } = end;
    const atUs = wholeText(this.#parts.nowUs());
    this.#lines().append({ kind, modelSha256: waiting.modelSha256, code, reason, groups, atUs });
    this.#standing = null;
    this.#clear();
  }

  #releaseOnce({ modelSha256, gainPpm, gainLowerPpm, heldOutSha256 }: CandidateOpened): SignedRelease {
    const { current } = this.#parts.releases();
    if (current?.modelSha256 === modelSha256) return current;
    const bar = {
      jointPpm: BigInt(gainPpm),
      lowerPpm: gainLowerPpm === null ? null : BigInt(gainLowerPpm),
    };
    const bytes = readFileSync(this.#modelFile());
    if (sha256Of(bytes) !== modelSha256)
      throw new Failure('model-missing', `${this.#modelFile()} is not the candidate that was heard.`);
    return this.#release(bytes, { verdict: { bar }, heldOutSha256 });
  }

  #release(bytes: Uint8Array, byGate: ByGate): SignedRelease {
    const { key, releases, shipped, nowUs } = this.#parts;
    if (!releases().current) releases().release(key(), shipped(), null, nowUs());
    return releases().release(key(), bytes, byGate, nowUs());
  }

  #currentSha256(): string {
    return this.#parts.releases().current?.modelSha256 ?? sha256Of(this.#parts.shipped());
  }

  #viewOf(opened: CandidateOpened, next: CandidateOpened | CandidateEnded | null): CandidateView {
    const ended = next?.kind === 'candidate' ? null : next;
    const { model, modelSha256, gainPpm, gainLowerPpm, clips, openedAtUs, deadlineUs } = opened;
    const { groupsMin } = this.#policy;
    const waits = `It has its figures and waits for curators: ${this.#standing?.groups ?? 0} of ${groupsMin} owner groups have judged.`;
    return {
      ...{ model, modelSha256, clips, groupsMin },
      gainPpm: BigInt(gainPpm),
      gainLowerPpm: gainLowerPpm === null ? null : BigInt(gainLowerPpm),
      openedAtUs: BigInt(openedAtUs),
      deadlineUs: BigInt(deadlineUs),
      state: ended?.kind ?? 'waiting',
      code: ended?.code ?? null,
      reason: ended?.reason ?? waits,
      groups: ended?.groups ?? this.#standing?.groups ?? 0,
      endedAtUs: ended === null ? null : BigInt(ended.atUs),
    };
  }

  #lines(): CandidateJournal {
    this.#journal ??= new CandidateJournal(join(this.#parts.models, 'candidates.jsonl'), this.#parts.key());
    return this.#journal;
  }

  #about(): About {
    // Written by `hear`, before the candidate waits.
    return JSON.parse(readFileSync(this.#aboutFile(), 'utf8')) as About;
  }

  #aboutFile(): string {
    return join(this.#folder, 'about.json');
  }

  #modelFile(): string {
    return join(this.#folder, 'candidate.model');
  }

  #clear(): void {
    this.#clips.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const RELEASED_BEFORE = 'It was released when the studio ended; that is written down now.';
const MEANWHILE =
  'Another model was released, or put back, while this one waited: start a round again, to be judged against that one.';

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
