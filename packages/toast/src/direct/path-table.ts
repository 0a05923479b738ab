import type { RoomMember } from '../wire/control-message.ts';
import type { DirectPath } from './direct-path.ts';

/** The paths to members, by join, and the addresses from which their datagrams are taken. */
export class PathTable {
  readonly #byJoin = new Map<string, DirectPath>();
  readonly #bySource = new Map<string, DirectPath>();
  #members: readonly RoomMember[] = [];

  get all(): IterableIterator<DirectPath> {
    return this.#byJoin.values();
  }

  get count(): number {
    return this.#byJoin.size;
  }

  /** Members that the room lists, with a path or without. */
  get listed(): number {
    return this.#members.length;
  }

  ofJoin(joinId: string): DirectPath | undefined {
    return this.#byJoin.get(joinId);
  }

  ofSource(from: string): DirectPath | undefined {
    return this.#bySource.get(from);
  }

  ofEpoch(epoch: number): DirectPath | null {
    for (const path of this.#byJoin.values()) if (path.member.epoch === epoch) return path;
    return null;
  }

  member(joinId: string): RoomMember | undefined {
    return this.#members.find((each) => each.joinId === joinId);
  }

  /** The room as it is now, this peer left out; who is not in it keeps its path until it is silent. */
  list(others: readonly RoomMember[]): void {
    this.#members = others;
    for (const path of this.#byJoin.values()) path.isListed = false;
    for (const member of others) {
      const path = this.#byJoin.get(member.joinId);
      if (path === undefined) continue;
      path.member = member;
      path.isListed = true;
    }
  }

  add(path: DirectPath): void {
    this.#byJoin.set(path.member.joinId, path);
  }

  /** What comes from there is this member's from now on; `gone` is an address of it that a newer one has displaced. */
  addSource(path: DirectPath, from: string, gone: string | null): void {
    if (gone !== null) this.#bySource.delete(gone);
    this.#bySource.set(from, path);
  }

  remove(path: DirectPath): void {
    this.#byJoin.delete(path.member.joinId);
    for (const source of path.sources) this.#bySource.delete(source);
  }
}
