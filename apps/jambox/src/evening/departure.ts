/** We stay so long after the last sound, that everybody hears from the relay where our stream ended. */
const LINGER_US = 400_000;
/** After we were asked to stop others get this long for our last copies. */
const STOP_LINGER_US = 200_000;

/** Knows when it is time to leave the room: some time after all was played and heard, or after we were asked to stop. */
export class Departure {
  /** Local µs; −1 before. */
  #stopAskedUs = -1;
  #doneSinceUs = -1;

  get isStopAsked(): boolean {
    return this.#stopAskedUs >= 0;
  }

  /** Asked again it changes nothing. */
  askStop(nowUs: number): void {
    if (this.#stopAskedUs < 0) this.#stopAskedUs = nowUs;
  }

  /** To be asked at every period; `isDone`: all was sent and heard. A sound that begins meanwhile begins the wait anew. */
  isDue(nowUs: number, isDone: boolean): boolean {
    if (!isDone) this.#doneSinceUs = -1;
    else if (this.#doneSinceUs < 0) this.#doneSinceUs = nowUs;
    const isStopped = this.isStopAsked && nowUs - this.#stopAskedUs > STOP_LINGER_US;
    return isStopped || (isDone && nowUs - this.#doneSinceUs > LINGER_US);
  }
}
