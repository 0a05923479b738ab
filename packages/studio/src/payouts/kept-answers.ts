import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import type { BankAnswer } from '@jamnet/economy';
import { writeWhole } from '../config/write-whole.ts';

/** Answers kept for one bank: a rail reads them all each time it is asked. */
const ANSWERS_KEPT_MAX = 10_000;

/**
 * Keeps a bank's answer in each of these folders, under its hash: the same answer is kept once. What it said then outlives a
 * stop before it was applied.
 */
export function keepAnswer(
  inboxes: readonly string[],
  kind: BankAnswer['kind'],
  text: string,
  answersMax = ANSWERS_KEPT_MAX,
): Result<null, 'too-many-answers'> {
  const name = `${createHash('sha256').update(text).digest('hex')}.${kind === 'nacha' ? 'ach' : 'xml'}`;
  for (const inbox of inboxes) {
    const kept = existsSync(inbox) ? readdirSync(inbox) : [];
    if (!kept.includes(name) && kept.length >= answersMax)
      return refuse(
        'too-many-answers',
        `${inbox} holds ${kept.length} answers: move those whose payouts have all settled or come back elsewhere, then read this one again.`,
      );
  }
  for (const inbox of inboxes) writeWhole(join(inbox, name), text, 0o600);
  return ok(null);
}
