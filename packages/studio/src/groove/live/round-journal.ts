import { appendFileSync, mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
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

/** What is kept of played performances; the oldest go first, once the next has begun. */
export interface JournalLimits {
  readonly bytes: number;
  readonly files: number;
  readonly ageMs: number;
}

/**
 * 8 GiB are 100 hours beside eight hosts (6 kB a host and bar, a bar each two seconds), and a disk of the smallest studio has them;
 * 400 days outlast a year's statements, after which nobody has a result to dispute.
 */
export const JOURNAL_LIMITS: JournalLimits = {
  bytes: 8 * 1024 ** 3,
  files: 20_000,
  ageMs: 400 * 86_400_000,
};
/** What was written to so lately may be played still, and stays whatever the limits say. */
const PLAYED_STILL_MS = 86_400_000;

/**
 * The public record of each performance, JSON Lines: first the draw and what the performer announced, then bar by bar what was
 * played and, only now, what every host had committed to. With it and the log anybody can check draw, hashes and scores.
 */
export class RoundJournal {
  readonly #directory: string;
  readonly #limits: JournalLimits;
  readonly #nowMs: () => number;
  #hasBegun = false;
  #pruning: Promise<void> | null = null;

  constructor(
    publicDirectory: string,
    limits: JournalLimits = JOURNAL_LIMITS,
    nowMs: () => number = Date.now,
  ) {
    this.#directory = join(publicDirectory, PUBLIC.groove);
    this.#limits = limits;
    this.#nowMs = nowMs;
    mkdirSync(this.#directory, { recursive: true });
  }

  add(performance: string, line: Line): void {
    if (line.type === 'start') this.#hasBegun = true;
    appendFileSync(join(this.#directory, `${performance}.jsonl`), `${JSON.stringify(shown(line))}\n`);
  }

  /**
   * Takes what is over a limit, where a performance began since the last time; one asked for meanwhile is the same one. All files are
   * looked at, 20,000 of them, so the thread of the bars only waits for it. What fails is tried again when asked again.
   */
  prune(): Promise<void> {
    if (!this.#hasBegun) return this.#pruning ?? Promise.resolve();
    this.#pruning ??= this.#prune().finally(() => {
      this.#pruning = null;
    });
    return this.#pruning;
  }

  async #prune(): Promise<void> {
    this.#hasBegun = false;
    try {
      for (const name of beyond(await this.#files(), this.#limits))
        await rm(join(this.#directory, name), { force: true });
    } catch (error) {
      this.#hasBegun = true;
      throw error;
    }
  }

  /** One after the other: the pool of threads that files and hashes share is left to others too. */
  async #files(): Promise<Kept[]> {
    const files: Kept[] = [];
    for (const name of await readdir(this.#directory)) {
      if (!name.endsWith('.jsonl')) continue;
      const { size, mtimeMs } = await stat(join(this.#directory, name));
      files.push({ name, size, ageMs: this.#nowMs() - mtimeMs });
    }
    return files;
  }
}

interface Kept {
  readonly name: string;
  readonly size: number;
  readonly ageMs: number;
}

/** Draws, settlements and pay are in the log and the books: what goes is how each bar was played and foretold. */
function beyond(files: readonly Kept[], limits: JournalLimits): string[] {
  let [bytes, count] = [0, 0];
  return files
    .toSorted((a, b) => a.ageMs - b.ageMs || (a.name < b.name ? -1 : 1))
    .filter(({ size, ageMs }) => {
      bytes += size;
      count++;
      const isOver = bytes > limits.bytes || count > limits.files || ageMs > limits.ageMs;
      return isOver && ageMs > PLAYED_STILL_MS;
    })
    .map(({ name }) => name);
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
