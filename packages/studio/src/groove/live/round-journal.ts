import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toBase64, toHex } from '@jamnet/base';
import type { ReceivedBar } from '@jamnet/groove';
import { PUBLIC } from '../../books/public-layout.ts';
import type { PublishedBar } from './live-performance.ts';
import type { Outcome, Performance } from './live-types.ts';

/** Numbers that a JSON reader without big integers would spoil are text. */
type Line =
  | {
      readonly type: 'start';
      readonly performance: Performance;
      /** A pseudonym, as in the draw. */
      readonly performerGroup: string;
      readonly streamHash: string;
    }
  | { readonly type: 'bar'; readonly published: PublishedBar; readonly received: ReceivedBar }
  | { readonly type: 'end'; readonly outcome: Outcome };

/**
 * The public record of each performance, JSON Lines: first the draw and what the performer announced, then bar by bar what was
 * played and, only now, what every host had committed to. With it and the log anybody can check draw, hashes and scores.
 */
export class RoundJournal {
  readonly #directory: string;

  constructor(publicDirectory: string) {
    this.#directory = join(publicDirectory, PUBLIC.groove);
    mkdirSync(this.#directory, { recursive: true });
  }

  add(performance: string, line: Line): void {
    appendFileSync(join(this.#directory, `${performance}.jsonl`), `${JSON.stringify(shown(line))}\n`);
  }
}

function shown(line: Line): unknown {
  if (line.type === 'bar') return shownBar(line.published, line.received);
  if (line.type === 'end') return { type: 'end', ...shownOutcome(line.outcome) };
  const { performance, room, performerKey, piece, bars, announced, startsAtUs, draw } = line.performance;
  return {
    type: 'start',
    performance,
    room,
    performerKey,
    performerGroup: line.performerGroup,
    piece,
    bars,
    announced,
    startsAtUs,
    hosts: draw?.hosts.map(({ node }) => node) ?? [],
    draw: draw?.proof ?? null,
    streamHash: line.streamHash,
  };
}

/** Owner groups are nobody's business: nodes say whose a result is. */
function shownOutcome(outcome: Outcome): object {
  if ('code' in outcome) return outcome;
  const { settled, bars, task } = outcome;
  return { bars, task, results: settled.map(({ ownerGroup: _, ...result }) => result) };
}

function shownBar({ row, reveals, receivedAtUs }: PublishedBar, received: ReceivedBar): unknown {
  return {
    type: 'bar',
    bar: row.bar,
    hits: received.bar.hits.map(({ cell, offsetUs, velocity }) => [cell, offsetUs, velocity]),
    hash: toHex(received.hash),
    signature: toHex(received.signature),
    heardAtUs: received.receivedAtUs,
    house1: row.house1,
    house2: row.house2,
    cellReference: row.cellReference,
    hosts: row.hosts.map(({ node, void: voided, commitment, score }, host) => {
      const reveal = reveals[host];
      return {
        node,
        void: voided,
        commitment: commitment && toHex(commitment),
        receivedAtUs: receivedAtUs[host] ?? null,
        score,
        forecast: reveal ? toBase64(reveal.forecast) : null,
        salt: reveal ? toHex(reveal.salt) : null,
      };
    }),
  };
}
