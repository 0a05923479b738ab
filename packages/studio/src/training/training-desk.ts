import { join } from 'node:path';
import { bigintAsText, Failure, ok, type Result, refuse, toHex } from '@jamnet/base';
import { type MidiPerformance, performancesSha256, type SignedRelease } from '@jamnet/groove';
import { type NodeKey, openNodeKey, platformSha256, releasedModelBytes } from '@jamnet/jamnode';
import { writeWhole } from '../config/write-whole.ts';
import type { MeshSocket } from '../mesh/mesh-socket.ts';
import type { ArchivedPlaying } from '../music/archived-playing.ts';
import type { ModelValueDesk, WorthOfRelease } from '../music/model-value-desk.ts';
import type { TakePlayer, TakePlayerCode } from '../music/take-players.ts';
import type { TakeArchive } from '../takes/take-archive.ts';
import { BlendDesk } from './blend/blend-desk.ts';
import { conductRound, type RoundOutcome } from './conduct-round.ts';
import { ModelReleases } from './model-releases.ts';
import { RevokedTakes } from './revoked-takes.ts';
import { sweepRounds } from './round-files.ts';
import { ROUND_PLAN } from './round-training.ts';
import { type TrainingSet, type TrainingTake, trainingSet } from './training-set.ts';

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

export type RoundCode = 'round-running' | 'studio-not-running' | 'nothing-to-learn' | 'nothing-held-out';

/** A round as it is told; big integers as decimal text. */
export interface RoundView {
  readonly round: string;
  readonly phase: 'train' | 'judge' | 'released' | 'refused' | 'failed';
  readonly done: number;
  readonly of: number;
  /** Why it was released, refused or failed; empty while it runs. */
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
    this.blend = new BlendDesk({ ...parts, revoked: this.#revoked, key: () => this.#modelsKey() });
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
    const { archive, secret, modelValue, ownerGroupOf } = this.#parts;
    return trainingSet(archive, this.#revoked, secret, async (take, player) => {
      const payee = await modelValue.players.payeeOf(take, player);
      return payee === null ? null : ((await ownerGroupOf(payee)) ?? payee);
    });
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

  /** The player takes the consent back: no later round learns from this take. */
  revoke(take: string, player: string): Result<{ readonly take: string; readonly player: string }> {
    return this.#revoked.revoke({ take, player, atUs: this.#parts.nowUs().toString() });
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
    const { takes } = await this.takes();
    const used = takes.filter((take) => !request.strangers || take.strangers);
    const performances = [...request.train, ...ofUse(used, 'train')];
    const heldOut = [...request.heldOut, ...ofUse(used, 'held-out')];
    if (performances.length === 0)
      return refuse(
        'nothing-to-learn',
        'No take may be learnt from: ask players for consent, or give MIDI files.',
      );
    if (heldOut.length === 0)
      return refuse(
        'nothing-held-out',
        'Nothing is held out to measure by: give MIDI files with --held-out.',
      );
    if (this.#running) return refuse('round-running', 'A round runs already: wait until it has ended.');
    const startedAtUs = this.#parts.nowUs();
    const round = `round-${startedAtUs}`;
    const folder = join(this.#roundsFolder(), round);
    const record = {
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
    };
    const keep = (outcome: object | null): void =>
      writeWhole(join(folder, 'round.json'), JSON.stringify({ ...record, outcome }, bigintAsText));
    // What the round did stands whether its record can be written or not: a full disk must not end the studio.
    const keepAtEnd = (outcome: object): void => {
      try {
        keep(outcome);
      } catch (error) {
        process.stderr.write(`training ${round}: its record was not written: ${messageOf(error)}\n`);
      }
    };
    keep(null);
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
    this.#running = conductRound({
      mesh,
      round,
      folder,
      performances,
      heldOut,
      audience: request.strangers ? 'strangers' : 'trusted',
      fromScratch: request.fromScratch,
      plan: { ...ROUND_PLAN, epochs: request.epochs ?? ROUND_PLAN.epochs },
      models: this.#modelsFolder(),
      key: this.#modelsKey(),
      signal: this.#stop.signal,
      nowUs: this.#parts.nowUs,
      onProgress: (phase, done, of) => {
        this.#round = { ...view, phase, done, of };
      },
    })
      .then(async (outcome) => {
        const { values, released } = outcome;
        if (released === null) {
          this.#round = endOf(view, outcome);
          keepAtEnd(outcome);
          return;
        }
        const learnt = used.filter(({ use }) => use === 'train');
        const worth = learnt.map(({ take, player, performanceSha256 }, index) => {
          const value = values[request.train.length + index] ?? 0n;
          return { take, player, performanceSha256, value };
        });
        const paid = await this.#pay(released, worth, values.slice(0, request.train.length));
        this.#round = {
          ...endOf(view, outcome),
          worth: worth.map(({ performanceSha256: _, ...row }) => row),
          paid,
        };
        keepAtEnd({ ...outcome, worth, paid });
      })
      .catch((error: unknown) => {
        const reason = messageOf(error);
        this.#round = { ...view, phase: 'failed', reason };
        keepAtEnd({ failed: reason });
        // Only what an operation may meet: anything else is our own mistake, and must be heard.
        if (!(error instanceof Failure)) process.stderr.write(`training ${round}: ${reason}\n`);
      })
      .finally(() => {
        this.#running = null;
        sweepRounds(this.#roundsFolder());
      });
    return ok(view);
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#running, this.blend.close(), this.#parts.playing?.close()]);
  }

  /** Who took the consent back meanwhile is paid nothing; a fault here takes no model back. */
  async #pay(
    { model, modelSha256 }: SignedRelease,
    worth: WorthOfRelease['takes'],
    others: readonly bigint[],
  ): Promise<string> {
    const takes = worth.filter(({ take, player }) => !this.#revoked.has(take, player));
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
    return join(this.#parts.dataDirectory, 'models');
  }

  #modelsKey(): NodeKey {
    this.#key ??= openNodeKey({ keyFile: join(this.#parts.dataDirectory, 'models-key') });
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

function endOf(view: RoundView, { verdict, released }: RoundOutcome): RoundView {
  return { ...view, phase: released ? 'released' : 'refused', reason: verdict.reason, released };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
