import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { Failure, ok, type Result, refuse, toHex } from '@jamnet/base';
import { type MidiPerformance, performancesSha256, type SignedRelease } from '@jamnet/groove';
import { type NodeKey, openNodeKey, platformSha256, releasedModelBytes } from '@jamnet/jamnode';
import type { MeshSocket } from '../mesh/mesh-socket.ts';
import type { ArchivedPlaying } from '../music/archived-playing.ts';
import type { ModelValueDesk, WorthOfRelease } from '../music/model-value-desk.ts';
import type { TakePlayer, TakePlayerCode } from '../music/take-players.ts';
import type { TakeArchive } from '../takes/take-archive.ts';
import { BlendDesk } from './blend/blend-desk.ts';
import { conductRound } from './conduct-round.ts';
import { modelPlaces } from './model-folders.ts';
import { ModelReleases } from './model-releases.ts';
import { RevokedTakes } from './revoked-takes.ts';
import { sweepRounds } from './round-files.ts';
import { forgetInputsOf, noteInput } from './round-inputs.ts';
import { RoundRecord, type RoundWorth } from './round-record.ts';
import { ROUND_PLAN } from './round-training.ts';
import { type TrainingSet, type TrainingTake, trainingSet } from './training-set.ts';
import type { ClipSource } from './trial/trial-clips.ts';
import { CANDIDATE_WAITS, TrialDesk, type TrialEnd } from './trial/trial-desk.ts';

export interface TrainingDeskParts {
  readonly dataDirectory: string;
  readonly archive: TakeArchive;
  /** Draws what is held out: players must not foresee it. */
  readonly secret: Uint8Array;
  /** Pays takes by their worth to what is released, and knows who their players are. */
  readonly modelValue: Pick<ModelValueDesk, 'pay' | 'players'>;
  /** Credits what was played by those who are named. */
  readonly playing?: Pick<ArchivedPlaying, 'catchUp' | 'close'>;
  /** Owner group of a payee; `null`: not registered. */
  readonly ownerGroupOf: (payee: string) => Promise<string | null>;
  /** `null` until the studio listens. */
  readonly mesh: () => MeshSocket | null;
  /** Lets the mesh forget the bytes of inputs; without it they stay. */
  readonly forgetBlobs?: (keys: readonly string[]) => Promise<void>;
  /** Owner groups of those who may judge candidates; without them figures alone decide. */
  readonly curatorGroups?: () => Promise<readonly string[]>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
}

export interface RoundRequest {
  /** Performances of other sources, learnt from and measured by beside the takes. */
  readonly train: readonly MidiPerformance[];
  readonly heldOut: readonly MidiPerformance[];
  /** Hosts of any owner compute: takes whose players did not agree to that are left out. */
  readonly strangers: boolean;
  readonly fromScratch: boolean;
  readonly epochs?: number | undefined;
}

export type PlayerCode = TakePlayerCode | 'take-unknown' | 'player-unknown' | 'payee-unknown';

export interface Revocation {
  readonly take: string;
  readonly player: string;
  /** Inputs of tasks whose bytes the mesh has forgotten. */
  readonly inputsForgotten: number;
}

export type RoundCode =
  | 'round-running'
  | 'candidate-waiting'
  | 'studio-not-running'
  | 'nothing-to-learn'
  | 'nothing-held-out';

/** A round as it is told; big integers as decimal text. */
export interface RoundView {
  readonly round: string;
  /** `candidate`: it has its figures, and curators hear it. */
  readonly phase: 'train' | 'judge' | 'candidate' | 'released' | 'refused' | 'failed';
  readonly done: number;
  readonly of: number;
  /** Why it waits, was released, refused or failed; empty while it runs. */
  readonly reason: string;
  readonly released: SignedRelease | null;
  /** What each take that was learnt from adds to forecasting what is held out, in 1/10⁹ of a stroke (see `takeValues`), below 0 where it misleads; empty unless released. */
  readonly worth: readonly { readonly take: string; readonly player: string; readonly value: bigint }[];
  /** What that brought those who played them, in a sentence; empty unless released. */
  readonly paid: string;
}

/** Released models, what may be learnt from, and the one training round that may run at a time. */
export class TrainingDesk {
  /** The other model that is trained here: how concealment mixes its forecasts. */
  readonly blend: BlendDesk;
  /** Candidates that passed their figures, until curators have heard them. */
  readonly trial: TrialDesk;
  readonly #parts: TrainingDeskParts;
  readonly #revoked: RevokedTakes;
  readonly #stop = new AbortController();
  readonly #shippedSha256 = toHex(platformSha256(releasedModelBytes()));
  #key: NodeKey | null = null;
  #round: RoundView | null = null;
  #running: Promise<void> | null = null;

  constructor(parts: TrainingDeskParts) {
    this.#parts = parts;
    this.#revoked = new RevokedTakes(join(parts.dataDirectory, 'training', 'revoked.json'));
    sweepRounds(this.#roundsFolder());
    const judges = {
      key: () => this.#modelsKey(),
      curatorGroups: parts.curatorGroups ?? (async () => []),
      groupOf: ({ take, player }: ClipSource) => this.#groupOf(take, player),
      nowUs: parts.nowUs,
    };
    this.blend = new BlendDesk({
      ...parts,
      ...judges,
      revoked: this.#revoked,
      onEnd: () => this.#forgetRevokedOrTell(),
    });
    this.trial = new TrialDesk({
      ...judges,
      models: this.#modelsFolder(),
      releases: () => this.#releases(),
      shipped: releasedModelBytes,
      onEnd: (end) => this.#endTrial(end),
    });
  }

  /** The signed list, and whose key signed it. */
  models(): { readonly publicKey: string; readonly releases: readonly SignedRelease[] } {
    return { publicKey: this.#modelsKey().publicKey, releases: this.#releases().releases };
  }

  /** SHA-256 (hex) of the file that nodes run now: the last released, or the one JAMNet ships. */
  currentModel(): string {
    return this.#releases().current?.modelSha256 ?? this.#shippedSha256;
  }

  /** A model that was released, or the shipped one; `null` for any other hash. */
  model(sha256: string): Uint8Array | null {
    const mixture = this.blend.model(sha256);
    if (mixture !== null) return mixture;
    const list = this.#releases();
    const release = list.releases.find(({ modelSha256 }) => modelSha256 === sha256);
    if (release) return list.read(release);
    const shipped = releasedModelBytes();
    return toHex(platformSha256(shipped)) === sha256 ? shipped : null;
  }

  takes(): Promise<TrainingSet> {
    const { archive, secret } = this.#parts;
    return trainingSet(archive, this.#revoked, secret, (take, player) => this.#groupOf(take, player));
  }

  /** Says who a player of a take is: what was played there, and what it adds to a released model, is that payee's, from then on and for good. */
  async name(named: TakePlayer): Promise<Result<TakePlayer, PlayerCode>> {
    const { archive, modelValue, ownerGroupOf, nowUs } = this.#parts;
    const take = archive.take(named.take);
    if (take === null) return refuse('take-unknown', `The archive has no take ${named.take}.`);
    if (!take.tracks.some(({ from }) => from === named.player))
      return refuse('player-unknown', `Nobody called ${named.player} plays in that take.`);
    if ((await ownerGroupOf(named.payee)) === null)
      return refuse('payee-unknown', `${named.payee} is no registered payee: register it first.`);
    const known = await modelValue.players.name(named, nowUs());
    // Fingerprints of an hour take a while: nobody waits for them.
    if (known.ok) void this.#parts.playing?.catchUp();
    return known;
  }

  /**
   * The player takes the consent back: no later round learns from this take, curators hear nothing of it any more, and what hosts were
   * sent of it is forgotten; of a round that runs when it ends. Hash and ledger stay.
   */
  async revoke(take: string, player: string): Promise<Result<Revocation, 'revoked-too-many'>> {
    const revoked = this.#revoked.revoke({ take, player, atUs: this.#parts.nowUs().toString() });
    if (!revoked.ok) return revoked;
    const inputsForgotten = await this.#forget(take, [player]);
    return ok({ take, player, inputsForgotten });
  }

  /**
   * A player wants a take erased: as {@link revoke} for all who play in it, and its file is gone here, and from the object store with
   * the keeper's next pass. It is not taken in again. Asked again it forgets what was not forgotten the first time.
   */
  async erase(take: string, player: string): Promise<Result<Revocation, PlayerCode>> {
    const { archive } = this.#parts;
    if (archive.isErased(take))
      return ok({ take, player, inputsForgotten: await this.#forget(take, [player]) });
    const players = [...new Set(archive.take(take)?.tracks.map(({ from }) => from))];
    if (players.length === 0) return refuse('take-unknown', `The archive has no take ${take}.`);
    if (!players.includes(player))
      return refuse('player-unknown', `Nobody called ${player} plays in that take.`);
    // First the take itself: no limit and no failure of what follows keeps it, and no round begins with it meanwhile.
    archive.erase(take);
    this.#revoked.forgetTake(take);
    return ok({ take, player, inputsForgotten: await this.#forget(take, players) });
  }

  /** What curators hear of it goes at once; answers how many inputs of hosts went, none while a round runs: they go at its end. */
  async #forget(take: string, players: readonly string[]): Promise<number> {
    for (const player of players)
      for (const trial of [this.trial, this.blend.trial]) trial.forget({ take, player });
    return this.#running !== null || this.blend.isRunning ? 0 : this.#forgetInputs();
  }

  /** Of all rounds that learnt from what may not be learnt from any more. */
  #forgetInputs(): Promise<number> {
    const { dataDirectory, forgetBlobs } = this.#parts;
    if (!forgetBlobs) return Promise.resolve(0);
    const folders = ['rounds', 'blend-rounds'].map((name) => join(dataDirectory, 'training', name));
    return forgetInputsOf({ folders, forget: forgetBlobs }, (source) => this.#isTakenBack(source));
  }

  #isTakenBack({ take, player }: ClipSource): boolean {
    return this.#revoked.has(take, player) || this.#parts.archive.isErased(take);
  }

  /** After a round: of whoever took the consent back meanwhile. */
  async #forgetRevokedOrTell(): Promise<void> {
    if (this.#running !== null || this.blend.isRunning) return;
    try {
      await this.#forgetInputs();
    } catch (error) {
      process.stderr.write(`training: inputs were not forgotten: ${messageOf(error)}\n`);
    }
  }

  restore(take: string, player: string): Result<{ readonly take: string; readonly player: string }> {
    return this.#revoked.restore(take, player)
      ? ok({ take, player })
      : refuse('not-revoked', `${player}'s consent for take ${take} was not taken back.`);
  }

  /** Puts the model before the current one back; throws a `Failure` where there is none (see {@link ModelReleases.rollback}). */
  rollback(): SignedRelease {
    return this.#releases().rollback(this.#modelsKey(), this.#parts.nowUs());
  }

  /** The round that runs, or the last one since the studio started. */
  round(): RoundView | null {
    return this.#round;
  }

  /** Begins a round; it goes on in the background and is asked for by {@link round}. */
  async begin(request: RoundRequest): Promise<Result<RoundView, RoundCode>> {
    const mesh = this.#parts.mesh();
    if (mesh === null) return refuse('studio-not-running', 'No hosts are connected: start the studio first.');
    if (this.#running) return refuse('round-running', 'A round runs already: wait until it has ended.');
    if (this.trial.waiting() !== null) return CANDIDATE_WAITS;
    const { takes } = await this.takes();
    const used = takes.filter((take) => !request.strangers || take.strangers);
    const performances = [...request.train, ...ofUse(used, 'train')];
    const heldOut = [...request.heldOut, ...ofUse(used, 'held-out')];
    const refusal = refusalOf(performances.length, heldOut.length);
    if (refusal) return refusal;
    if (this.#running) return refuse('round-running', 'A round runs already: wait until it has ended.');
    const startedAtUs = this.#parts.nowUs();
    const round = `round-${startedAtUs}`;
    const record = new RoundRecord(join(this.#roundsFolder(), round));
    record.write({
      round,
      startedAtUs,
      strangers: request.strangers,
      takes: used.map(({ take, player, performanceSha256, use }) => ({
        take,
        player,
        performanceSha256,
        use,
      })),
      trainSha256: performancesSha256(performances),
      heldOutSha256: performancesSha256(heldOut),
      outcome: null,
    });
    const view: RoundView = {
      round,
      phase: 'train',
      done: 0,
      of: 0,
      reason: '',
      released: null,
      worth: [],
      paid: '',
    };
    this.#round = view;
    this.#running = this.#conduct(mesh, view, { request, used, performances, heldOut, record }).finally(
      () => {
        this.#running = null;
        this.trial.sweep();
        sweepRounds(this.#roundsFolder());
        return this.#forgetRevokedOrTell();
      },
    );
    return ok(view);
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#running, this.blend.close(), this.#parts.playing?.close()]);
  }

  async #conduct(
    mesh: MeshSocket,
    view: RoundView,
    { request, used, performances, heldOut, record }: RoundParts,
  ): Promise<void> {
    const learnt = used.filter(({ use }) => use === 'train');
    const worthOf = (values: readonly bigint[]): RoundWorth => ({
      takes: learnt.map(({ take, player, performanceSha256 }, index) => {
        const value = values[request.train.length + index] ?? 0n;
        return { take, player, performanceSha256, value };
      }),
      others: values.slice(0, request.train.length),
    });
    try {
      const outcome = await conductRound({
        mesh,
        round: view.round,
        folder: join(this.#roundsFolder(), view.round),
        onInput: (sha256) => noteInput(join(this.#roundsFolder(), view.round), sha256),
        performances,
        heldOut,
        audience: request.strangers ? 'strangers' : 'trusted',
        fromScratch: request.fromScratch,
        plan: { ...ROUND_PLAN, epochs: request.epochs ?? ROUND_PLAN.epochs },
        models: this.#modelsFolder(),
        key: this.#modelsKey(),
        hearing: {
          clips: this.trial.clipsFolder,
          seed: createHmac('sha256', this.#parts.secret).update(`trial ${view.round}`).digest('hex'),
          sources: [...request.heldOut.map(() => null), ...used.filter(isHeldOutTake).map(audibleTo)],
          hear: (passed, values) => {
            // What is paid on a release, which may come days later.
            record.end({ waiting: worthOf(values) });
            return this.trial.hear({ ...passed, learnt });
          },
        },
        signal: this.#stop.signal,
        nowUs: this.#parts.nowUs,
        onProgress: (phase, done, of) => {
          this.#round = { ...view, phase, done, of };
        },
      });
      const { released, hearing, values, verdict } = outcome;
      if (hearing?.state === 'waits') {
        this.#round = { ...view, phase: 'candidate', reason: `${verdict.reason} ${hearing.reason}` };
        return;
      }
      const reason = [verdict.reason, hearing?.reason].filter(Boolean).join(' ');
      const ended = await this.#ended({ round: view.round, reason, released }, worthOf(values));
      this.#round = { ...view, ...ended };
      this.#keep(record, { ...outcome, hearing: undefined, ...ended });
    } catch (error) {
      const reason = messageOf(error);
      this.#round = { ...view, phase: 'failed', reason };
      this.#keep(record, { failed: reason });
      // Only what an operation may meet: anything else is our own mistake, and must be heard.
      if (!(error instanceof Failure)) process.stderr.write(`training ${view.round}: ${reason}\n`);
    }
  }

  /** What curators have decided on a candidate of a round that may be days old. */
  async #endTrial(end: TrialEnd): Promise<void> {
    const record = new RoundRecord(join(this.#roundsFolder(), end.round));
    const ended = await this.#ended(end, record.worth());
    if (this.#round?.round === end.round) this.#round = { ...this.#round, ...ended };
    this.#keep(record, ended);
  }

  /** Pays what a release brings. */
  async #ended({ reason, released }: TrialEnd, worth: RoundWorth | null): Promise<RoundEnd> {
    if (released === null) return { phase: 'refused', reason, released, worth: [], paid: '' };
    const takes = worth?.takes ?? [];
    const paid = await this.#pay(released, takes, worth?.others ?? []);
    return {
      phase: 'released',
      reason,
      released,
      worth: takes.map(({ performanceSha256: _, ...row }) => row),
      paid,
    };
  }

  /** What the round did stands whether its record can be written or not: a full disk must not end the studio. */
  #keep(record: RoundRecord, outcome: object): void {
    try {
      record.end(outcome);
    } catch (error) {
      process.stderr.write(`training: the record of a round was not written: ${messageOf(error)}\n`);
    }
  }

  async #groupOf(take: string, player: string): Promise<string | null> {
    const { modelValue, ownerGroupOf } = this.#parts;
    const payee = await modelValue.players.payeeOf(take, player);
    return payee === null ? null : ((await ownerGroupOf(payee)) ?? payee);
  }

  /** Who took the consent back meanwhile is paid nothing; a fault here takes no model back. */
  async #pay(
    { model, modelSha256 }: SignedRelease,
    worth: WorthOfRelease['takes'],
    others: readonly bigint[],
  ): Promise<string> {
    const takes = worth.filter((each) => !this.#isTakenBack(each));
    try {
      return await this.#parts.modelValue.pay({ model, modelSha256, takes, others });
    } catch (error) {
      process.stderr.write(`training: the worth of takes was not paid: ${messageOf(error)}\n`);
      return `The worth of its takes was not paid: ${messageOf(error)}`;
    }
  }

  #roundsFolder(): string {
    return join(this.#parts.dataDirectory, 'training', 'rounds');
  }

  #modelsFolder(): string {
    return modelPlaces(this.#parts.dataDirectory).groove;
  }

  #modelsKey(): NodeKey {
    this.#key ??= openNodeKey({ keyFile: modelPlaces(this.#parts.dataDirectory).keyFile });
    return this.#key;
  }

  /** Read anew: the command releases and rolls back in the same folder. */
  #releases(): ModelReleases {
    return new ModelReleases(this.#modelsFolder(), this.#modelsKey().publicKey);
  }
}

function ofUse(takes: readonly TrainingTake[], use: TrainingTake['use']): MidiPerformance[] {
  return takes.filter((take) => take.use === use).map(({ performance }) => performance);
}

type RoundEnd = Pick<RoundView, 'phase' | 'reason' | 'released' | 'worth' | 'paid'>;

interface RoundParts {
  readonly request: RoundRequest;
  readonly used: readonly TrainingTake[];
  readonly performances: readonly MidiPerformance[];
  readonly heldOut: readonly MidiPerformance[];
  readonly record: RoundRecord;
}

function isHeldOutTake({ use }: TrainingTake): boolean {
  return use === 'held-out';
}

/** Curators are strangers to a player: they hear only what strangers may. */
function audibleTo({ take, player, strangers }: TrainingTake): ClipSource | false {
  return strangers ? { take, player } : false;
}

function refusalOf(performances: number, heldOut: number) {
  if (performances === 0)
    return refuse(
      'nothing-to-learn',
      'No take may be learnt from: ask players for consent, or give MIDI files.',
    );
  if (heldOut === 0)
    return refuse('nothing-held-out', 'Nothing is held out to measure by: give MIDI files with --held-out.');
  return null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
