import { type Advice, advise, type RoomReport } from '@jamnet/toast';

/** Looks at the room that an advice must hold for: what a moment brings would only flicker. Five seconds of reports. */
const STEADY_LOOKS = 20;
/** Nobody follows more at once. */
const SHOWN_MAX = 3;
/** Pieces of advice kept in mind: each player of a full room may get a few. */
const KEPT_MAX = 128;

interface Kept {
  advice: Advice;
  looks: number;
}

/** What to change in the room, by the rules that the doctor has, once it has held for a while; it goes as it came. */
export class SteadyAdvice {
  readonly #kept = new Map<string, Kept>();

  /** Takes the room as it is now; answers what to show, the most useful first. */
  look(report: RoomReport): readonly Advice[] {
    const now = advise(report);
    const seen = new Set(now.map(keyOf));
    for (const advice of now) {
      const known = this.#kept.get(keyOf(advice));
      if (known !== undefined) {
        known.advice = advice;
        known.looks = Math.min(2 * STEADY_LOOKS, known.looks + 1);
      } else if (this.#kept.size < KEPT_MAX) this.#kept.set(keyOf(advice), { advice, looks: 1 });
    }
    for (const [key, kept] of this.#kept) if (!seen.has(key) && --kept.looks <= 0) this.#kept.delete(key);
    const order = now.map(keyOf);
    const placeOf = ({ advice }: Kept): number => {
      const place = order.indexOf(keyOf(advice));
      return place < 0 ? order.length : place;
    };
    return [...this.#kept.values()]
      .filter(({ looks }) => looks >= STEADY_LOOKS)
      .sort((a, b) => placeOf(a) - placeOf(b))
      .slice(0, SHOWN_MAX)
      .map(({ advice }) => advice);
  }
}

function keyOf({ code, player }: Advice): string {
  return `${code} ${player}`;
}
