/** One machine of an owner as the studio sees it. Work units are decimal text. */
export interface FarmNode {
  readonly node: string;
  readonly name: string;
  readonly state: 'connected' | 'gone' | 'banned';
  readonly device: string | null;
  readonly slots: number;
  readonly running: number;
  readonly heldUnits: string;
  readonly releasedUnits: string;
  readonly forfeitedUnits: string;
  /** The newest decision that went against it, in words. */
  readonly lastRefusal: string | null;
}
