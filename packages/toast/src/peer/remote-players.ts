import { PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import type { RoomMember } from '../wire/control-message.ts';
import { type RemoteOptions, RemotePlayer } from './remote-player.ts';

/** Joins of others that are known in all, ended ones included; beyond it those who left first are forgotten. */
export const REMOTES_MAX = 4 * PLAYERS_PER_ROOM_MAX;

/** Everybody whose sound this peer has known in the room, by join and by epoch. */
export class RemotePlayers {
  readonly #byJoin = new Map<string, RemotePlayer>();
  readonly #byEpoch = new Map<number, RemotePlayer>();

  get all(): IterableIterator<RemotePlayer> {
    return this.#byJoin.values();
  }

  get count(): number {
    return this.#byJoin.size;
  }

  knows(joinId: string): boolean {
    return this.#byJoin.has(joinId);
  }

  ofJoin(joinId: string): RemotePlayer | undefined {
    return this.#byJoin.get(joinId);
  }

  ofEpoch(epoch: number): RemotePlayer | undefined {
    return this.#byEpoch.get(epoch);
  }

  /** Who sits there now. */
  atSeat(seat: number): RemotePlayer | undefined {
    for (const remote of this.#byJoin.values())
      if (remote.receiver.isPresent && remote.member.seat === seat) return remote;
    return undefined;
  }

  /** Takes the room's list of others; answers who is new. */
  update(members: readonly RoomMember[], atSample: number, options: RemoteOptions): RemotePlayer[] {
    const listed = new Set(members.map((member) => member.joinId));
    for (const [joinId, remote] of this.#byJoin) if (!listed.has(joinId)) remote.depart(atSample);
    const fresh: RemotePlayer[] = [];
    for (const member of members) {
      const known = this.#byJoin.get(member.joinId);
      if (known !== undefined) {
        const packets = member.packets ?? known.member.packets;
        known.receiver.member = { ...member, founder: known.member.founder, packets };
        known.receiver.isPresent = true;
      } else {
        this.#makeRoom();
        fresh.push(this.#add(member, options));
      }
    }
    return fresh;
  }

  /** A room lists fewer than are remembered, so that there is always one who has left. */
  #makeRoom(): void {
    if (this.#byJoin.size < REMOTES_MAX) return;
    for (const [joinId, { receiver }] of this.#byJoin) {
      if (receiver.isPresent) continue;
      this.#byJoin.delete(joinId);
      if (this.#byEpoch.get(receiver.member.epoch)?.receiver === receiver)
        this.#byEpoch.delete(receiver.member.epoch);
      return;
    }
  }

  #add(member: RoomMember, options: RemoteOptions): RemotePlayer {
    const remote = new RemotePlayer(member, options);
    this.#byJoin.set(member.joinId, remote);
    this.#byEpoch.set(member.epoch, remote);
    return remote;
  }
}
