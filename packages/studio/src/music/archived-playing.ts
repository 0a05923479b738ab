import type { Contribution } from '@jamnet/economy';
import { contributionId, newContribution } from '../contributions/new-contribution.ts';
import type { TakeArchive } from '../takes/take-archive.ts';
import type { MusicMemory } from './music-memory.ts';
import { playingTimeMs } from './playing-time.ts';
import type { TakePlayer, TakePlayers } from './take-players.ts';
import { PIECE_SECONDS, piecesOfTrack, type TrackPiece, trackOfPlayer } from './track-pieces.ts';

export interface ArchivedPlayingParts {
  readonly archive: Pick<TakeArchive, 'file' | 'take'>;
  readonly music: MusicMemory;
  readonly players: TakePlayers;
  /** Files contributions, a repeat changes nothing; rejects when the economy refuses them. */
  readonly addContributions: (contributions: readonly Contribution[]) => Promise<void>;
  /** Owner group of a payee; `null`: not registered. */
  readonly ownerGroupOf: (payee: string) => Promise<string | null>;
  readonly evidenceSecret: Uint8Array;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  readonly pieceSeconds?: number;
}

/**
 * Credits playing in takes of the archive by the same rule as takes of an evening: the time in which somebody really plays what was
 * not heard before. One track after the other, once it is said who plays; what was interrupted goes on at the next start.
 */
export class ArchivedPlaying {
  readonly #parts: ArchivedPlayingParts;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: ArchivedPlayingParts) {
    this.#parts = parts;
  }

  /** Credits all who are named and not credited yet; resolves when that is done. Never rejects: what failed is tried again by the next call. */
  catchUp(): Promise<void> {
    this.#last = this.#last.then(() => this.#creditAll());
    return this.#last;
  }

  /** Ends after the piece that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }

  async #creditAll(): Promise<void> {
    try {
      for (const named of await this.#parts.players.uncredited()) {
        if (this.#isClosed) return;
        await this.#credit(named).catch((error: unknown) => tell(`take ${named.take}`, error));
      }
    } catch (error) {
      tell('takes', error);
    }
  }

  async #credit(named: TakePlayer): Promise<void> {
    const { archive, players, ownerGroupOf, addContributions, pieceSeconds = PIECE_SECONDS } = this.#parts;
    const file = archive.file(named.take);
    const ownerGroup = await ownerGroupOf(named.payee);
    // A take that is gone may come again, a payee may be registered.
    if (file === null || ownerGroup === null) return;
    const track = await trackOfPlayer(file, named.player);
    // As the take's last line has it: it was checked when the take came.
    const content = track && archive.take(named.take)?.tracks[track.track.track]?.content;
    if (track !== null && content)
      for await (const piece of piecesOfTrack(file, track, pieceSeconds)) {
        if (this.#isClosed) return;
        const contribution = await this.#contribution(named, ownerGroup, content, piece);
        await addContributions([contribution]);
      }
    await players.credited(named, this.#parts.nowUs());
  }

  /** The same sound named again, in another take too, is the same contribution. */
  async #contribution(
    { take, player, payee }: TakePlayer,
    ownerGroup: string,
    content: string,
    { index, samples, rateHz }: TrackPiece,
  ): Promise<Contribution> {
    const { music, evidenceSecret, nowUs } = this.#parts;
    const who = {
      kind: 'music',
      meter: 'music/played-ms',
      payees: [{ payee, weight: 1n }],
      subject: index === 0 ? content : `${content}/${index}`,
    } as const;
    const { newMs, playedMs } = await music.novelty(contributionId(who), samples, rateHz);
    return newContribution({
      ...who,
      // What is left after the last whole stretch is as new as the rest.
      merit: playedMs === 0n ? 0n : (playingTimeMs(samples, rateHz) * newMs) / playedMs,
      ownerGroup,
      evidence: { take, player, content, index, newMs: newMs.toString(), playedMs: playedMs.toString() },
      evidenceSecret,
      acceptedAtUs: nowUs(),
    });
  }
}

/** Nobody waits for it here: it is told, and tried again with the next that is named or at the next start. */
function tell(what: string, error: unknown): void {
  process.stderr.write(
    `playing time of ${what}: ${error instanceof Error ? error.message : String(error)}\n`,
  );
}
