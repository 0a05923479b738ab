import type { ControlMessage } from '../wire/control-message.ts';
import type { RelayMail } from './relay-mail.ts';
import type { Seat } from './room.ts';

/** A member's questions are answered at most this often: each brings as many answers as the room has members. */
export const INTRODUCE_EVERY_US = 200_000;

type Offer = Extract<ControlMessage, { t: 'direct' }>;

/**
 * Makes members known to each other that all asked for it: where the relay sees them, and what they offer, which it cannot read.
 * Who did not ask, or only listens, is neither told nor shown.
 */
export class Rendezvous {
  readonly #mail: RelayMail;
  readonly #offers = new WeakMap<Seat, { offer: Offer; answeredUs: number }>();

  constructor(mail: RelayMail) {
    this.#mail = mail;
  }

  /** A member says that it wants direct paths, for the first time or again to hear who else does. */
  take(nowUs: number, seat: Seat, offer: Offer): void {
    // Who only listens sends nothing that could take a direct path, and stays with the relay.
    if (seat.listens) return;
    const known = this.#offers.get(seat);
    // What came too soon is asked again.
    if (known !== undefined && nowUs - known.answeredUs < INTRODUCE_EVERY_US) return;
    const isNew = known === undefined || offer.version > known.offer.version;
    this.#offers.set(seat, { offer: isNew ? offer : known.offer, answeredUs: nowUs });
    if (isNew) this.show(seat);
    for (const other of seat.room.seats) this.#tell(seat, other);
  }

  /** Shows a member to the others: it is new among them, or has moved. */
  show(seat: Seat): void {
    for (const other of seat.room.seats)
      if (other !== seat && this.#offers.has(other)) this.#tell(other, seat);
  }

  #tell(to: Seat, of: Seat): void {
    const known = this.#offers.get(of);
    if (known === undefined) return;
    const { joinId, address } = of;
    const { version, sealed } = known.offer;
    this.#mail.control(to, { t: 'address', joinId, address, version, sealed });
  }
}
