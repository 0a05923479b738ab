import { MEMBERS_PER_ROOM_MAX } from '../limits.ts';
import type { TimelineEntry } from '../timeline/beat-timeline.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';

type RoomPage = Extract<ControlMessage, { t: 'room' }>;

/** Joins the pages of one version of the room; pages of older versions are dropped. */
export class RoomView {
  #version = 0;
  #startAtUs = 0;
  #members: readonly RoomMember[] = [];
  #timeline: readonly TimelineEntry[] = [];
  #gathering = 0;
  #pages: (RoomPage | null)[] = [];

  get version(): number {
    return this.#version;
  }

  /** Room time of sample 0; 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#startAtUs;
  }

  /** What holds of the shared beat, and what comes next. */
  get timeline(): readonly TimelineEntry[] {
    return this.#timeline;
  }

  get members(): readonly RoomMember[] {
    return this.#members;
  }

  /** Forgets the version, as after a relay's restart, and keeps what it said until it says more. */
  forgetVersion(): void {
    this.#version = 0;
    this.#gathering = 0;
    this.#pages = [];
  }

  /** True when the page completed a newer version. */
  take(page: RoomPage): boolean {
    if (page.version <= this.#version || page.version < this.#gathering) return false;
    if (page.version > this.#gathering || this.#pages.length !== page.pages) {
      this.#gathering = page.version;
      this.#pages = new Array<RoomPage | null>(page.pages).fill(null);
    }
    this.#pages[page.page] = page;
    const members = this.#pages.flatMap((each) => each?.members ?? []);
    if (this.#pages.includes(null) || members.length > MEMBERS_PER_ROOM_MAX) return false;
    this.#version = page.version;
    this.#startAtUs = page.startAtUs;
    this.#members = members;
    this.#timeline = page.timeline;
    return true;
  }
}
