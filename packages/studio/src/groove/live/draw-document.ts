import { createHash } from 'node:crypto';
import { canonicalJson } from '@jamnet/base';
import type { Candidate, DrawnPerformance } from '@jamnet/groove';

/** What a draw is made of, all of it settled before anybody knows its beacons. */
export interface DrawDocument {
  /** The log's name: beacons are for its leaves alone. */
  readonly origin: string;
  /** UTC µs. */
  readonly fixedAtUs: bigint;
  readonly performances: readonly DrawnPerformance[];
  readonly candidates: readonly Candidate[];
  /** For each performance. */
  readonly hosts: number;
  /** Verifier keys of those whose beacons count. */
  readonly witnesses: readonly string[];
}

/** Canonical JSON: the same draw has one text and one hash. */
export function drawText(draw: DrawDocument): string {
  return canonicalJson({
    origin: draw.origin,
    fixedAtUs: `${draw.fixedAtUs}`,
    performances: draw.performances.map(({ performance, performerGroup }) => ({
      performance,
      performerGroup,
    })),
    candidates: draw.candidates.map(({ node, ownerGroup, linkedGroups }) => ({
      node,
      ownerGroup,
      linkedGroups: [...linkedGroups],
    })),
    hosts: draw.hosts,
    witnesses: [...draw.witnesses],
  });
}

/** Of a text that {@link drawText} wrote. */
export function parseDrawText(text: string): DrawDocument {
  // Written by drawText alone, kept in our own database.
  const read = JSON.parse(text) as Omit<DrawDocument, 'fixedAtUs'> & { readonly fixedAtUs: string };
  return { ...read, fixedAtUs: BigInt(read.fixedAtUs) };
}

export function drawSha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
