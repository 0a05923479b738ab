import type { PathKind } from '../messages.ts';
import { PathFault } from './path-fault.ts';

/** A page's way for whole packets. */
export interface PagePath {
  readonly kind: PathKind;
  /** False when the carrier is full and the packet was dropped. */
  send(packet: Uint8Array): boolean;
  close(): void;
}

export interface PathListener {
  packet(bytes: Uint8Array): void;
  /** The carrier ended by itself. */
  lost(): void;
}

/** A carrier that does not open within this time is given up. */
export const OPEN_MS = 4000;

/** Rejects when `opening` takes too long; `giveUp` is then called to let go of what was begun. */
export async function inTime<T>(opening: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PathFault('no-answer')), OPEN_MS);
  });
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    giveUp();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
