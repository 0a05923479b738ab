import { splitToken } from '@jamnet/toast';

/** Where a room's relay is reached. */
export interface RelayPlace {
  readonly host: string;
  readonly port: number;
}

/** While the relay is silent the door is asked again after so long; otherwise now and then, lest a room stay in two halves. */
const ASK_SILENT_MS = 100;
const ASK_MS = 5_000;
const ANSWER_MS_MAX = 1_000;

export interface FollowerParts {
  /** Asks the door where the room is, saying which relay is silent if one is; `null` when it does not answer. */
  readonly ask: (silent: RelayPlace | null) => Promise<RelayPlace | null>;
  /** The room lives elsewhere than before. */
  readonly onMove: (place: RelayPlace) => void;
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

/** Keeps in mind where a room lives, and asks at once when its relay falls silent. */
export class RelayFollower {
  readonly #parts: FollowerParts;
  #place: RelayPlace;
  #isSilent = false;
  #isAsking = false;
  #isOver = false;
  #cancel: () => void;

  constructor(place: RelayPlace, parts: FollowerParts) {
    this.#parts = parts;
    this.#place = place;
    this.#cancel = parts.setTimer(() => void this.#ask(), ASK_MS);
  }

  /** The relay is not heard any more. */
  silent(): void {
    this.#isSilent = true;
    this.#askAfter(0);
  }

  /** The relay is heard. */
  heard(): void {
    this.#isSilent = false;
  }

  close(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #askAfter(ms: number): void {
    if (this.#isOver || this.#isAsking) return;
    this.#cancel();
    this.#cancel = this.#parts.setTimer(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const place = await this.#parts.ask(this.#isSilent ? this.#place : null);
    this.#isAsking = false;
    if (this.#isOver) return;
    const { host, port } = this.#place;
    if (place !== null && (place.host !== host || place.port !== port)) {
      this.#place = place;
      this.#isSilent = false;
      this.#parts.onMove(place);
    }
    this.#askAfter(this.#isSilent ? ASK_SILENT_MS : ASK_MS);
  }
}

/** Asks a studio by HTTP; whoever has a join token for the room may. */
export function askStudio(door: string, joinToken: string): FollowerParts['ask'] {
  const token = splitToken(joinToken);
  const ticket = token.ok ? token.value.wire : joinToken;
  return async (silent) => {
    try {
      const answer = await fetch(door, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ticket, ...(silent === null ? {} : { silent }) }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const { host, port } = (await answer.json()) as Partial<RelayPlace>;
      return answer.ok && typeof host === 'string' && typeof port === 'number' ? { host, port } : null;
    } catch {
      return null;
    }
  };
}

/** A timer of the event loop that keeps no process alive. */
export function looseTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
