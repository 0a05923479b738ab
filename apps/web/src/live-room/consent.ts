import { CONSENT } from '@jamnet/toast';

export const CONSENT_KINDS = [
  'record',
  'train',
  'strangers',
] as const satisfies readonly (keyof typeof CONSENT)[];
export type ConsentKind = (typeof CONSENT_KINDS)[number];

export function consentOf(kinds: readonly ConsentKind[]): number {
  return kinds.reduce((sum, kind) => sum + CONSENT[kind], 0);
}

export function kindsOf(consent: number): readonly ConsentKind[] {
  return CONSENT_KINDS.filter((kind) => (consent & CONSENT[kind]) !== 0);
}

/** Whoever may train or show excerpts must have them first; without recording there is nothing to do either with. */
export function withKind(
  kinds: readonly ConsentKind[],
  kind: ConsentKind,
  isAllowed: boolean,
): readonly ConsentKind[] {
  if (!isAllowed) return kind === 'record' ? [] : kinds.filter((each) => each !== kind);
  return CONSENT_KINDS.filter((each) => each === kind || each === 'record' || kinds.includes(each));
}

/** What this browser allowed in this room before; `null` where it was not asked yet. */
export function rememberedConsent(room: string): readonly ConsentKind[] | null {
  try {
    const kept = localStorage.getItem(keyOf(room));
    return kept === null ? null : kindsOf(Number(kept));
  } catch {
    return null;
  }
}

export function rememberConsent(room: string, kinds: readonly ConsentKind[]): void {
  try {
    localStorage.setItem(keyOf(room), String(consentOf(kinds)));
  } catch {
    // Storage is switched off: the room asks again.
  }
}

function keyOf(room: string): string {
  return `jamnet-consent-${room}`;
}
