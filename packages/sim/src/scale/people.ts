import { createHash } from 'node:crypto';
import type { PayeeRegistration } from '@jamnet/economy';
import type { ScaleSize } from './scale-size.ts';

/** Players of a room. */
const PLAYERS = 3;
/** Days within which payees register; one in ten only {@link LATE_DAYS} later, so that what they earn waits. */
const REGISTERING_DAYS = 20;
const LATE_DAYS = 35;

/** Who is who: everything follows from a member's number. */
export class People {
  readonly #seed: string;
  readonly #size: ScaleSize;

  constructor(seed: string, size: ScaleSize) {
    this.#seed = seed;
    this.#size = size;
  }

  payee(member: number): string {
    return `p${this.digest(`payee/${member}`).slice(0, 32)}`;
  }

  /** Two members of three live alone, the others share a household. */
  ownerGroup(member: number): string {
    return `household-${member % 3 === 2 ? member - 1 : member}`;
  }

  owner(host: number): { payee: string; ownerGroup: string } {
    const member = (host * 7) % this.#size.members;
    return { payee: this.payee(member), ownerGroup: this.ownerGroup(member) };
  }

  /** Members who play in a room, and who change slowly. */
  players(room: number, day: number): readonly number[] {
    const first = room * PLAYERS + Math.floor(day / 30);
    const players = Array.from({ length: PLAYERS }, (_, n) => (first + n) % this.#size.members);
    return [...new Set(players)];
  }

  /** Everybody who can earn, by payee: registers on some day. */
  payees(): readonly { readonly member: number; readonly payee: string; readonly day: number }[] {
    const members = new Set<number>();
    for (let host = 0; host < this.#size.hosts; host++) members.add((host * 7) % this.#size.members);
    for (let room = 0; room < this.#size.rooms; room++)
      for (let day = 0; day < this.#size.days + 31; day += 30)
        for (const player of this.players(room, day)) members.add(player);
    return [...members].map((member, place) => ({
      member,
      payee: this.payee(member),
      day: (place % REGISTERING_DAYS) + (place % 10 === 9 ? LATE_DAYS : 0),
    }));
  }

  registration(member: number): PayeeRegistration {
    return {
      payee: this.payee(member),
      ownerGroup: this.ownerGroup(member),
      evidenceSha256: this.digest(`evidence/${member}`),
    };
  }

  /** Hex SHA-256 of a name within this seed's world. */
  digest(name: string): string {
    return createHash('sha256').update(`${this.#seed}/${name}`).digest('hex');
  }
}
