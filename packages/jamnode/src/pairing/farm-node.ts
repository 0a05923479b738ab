import type { HostNotice } from '@jamnet/mesh';

/** One machine of an owner as the studio sees it. Work units are decimal text. */
export interface FarmNode {
  readonly node: string;
  readonly name: string;
  readonly state: 'connected' | 'gone' | 'banned';
  readonly device: string | null;
  /** 0 while it is away, or connected to another coordinator: that one alone knows its device and what runs there. */
  readonly slots: number;
  readonly running: number;
  readonly heldUnits: string;
  readonly releasedUnits: string;
  readonly forfeitedUnits: string;
  /** As far as the studio can tell why a connected machine does nothing; null while it works or is away. */
  readonly idle: 'nothing-waits' | 'does-not-ask' | 'not-for-it' | null;
  /** Its rules and which of them holds it now, as it told; null while it is away, or where it tells nothing. */
  readonly notice: HostNotice | null;
  /** The newest decision that went against it, in words. */
  readonly lastRefusal: string | null;
}
