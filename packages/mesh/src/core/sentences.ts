import type { Tolerance } from './agreement.ts';
import type { Finding } from './trust.ts';

/** Evidence in the words of the node's owner. Task ids are cut to 12 characters; the full one stands beside the sentence. */
function shortTask(task: string): string {
  return task.slice(0, 12);
}

export function mismatchSentence(task: string, tooLarge: boolean): string {
  return tooLarge
    ? `Task ${shortTask(task)} refused because the result is larger than the catalogue allows.`
    : `Task ${shortTask(task)} refused because the result sent is not the one committed to.`;
}

export function passedOnSentence(task: string, leases: number): string {
  return `Task ${shortTask(task)} is for others now: this node had it ${leases} times and returned no result.`;
}

export function findingSentence(
  task: string,
  tolerance: Tolerance,
  finding: Exclude<Finding, { verdict: 'valid' }>,
): string {
  const { chunk, milliDecibel } = finding.worst;
  const start = `Task ${shortTask(task)} refused because chunk ${chunk}`;
  if (tolerance.rule === 'exact' || milliDecibel === null)
    return `${start} differs from the re-run; it must be equal to the bit.`;
  const found = (milliDecibel / 1000).toFixed(0);
  const tail =
    finding.verdict === 'precision'
      ? ' This looks like half precision: no penalty, but no more float tasks.'
      : '';
  return `${start} agreed to ${found} dB, needs ${tolerance.decibelMin}.${tail}`;
}

export function forfeitSentence(task: string, workUnits: bigint, tasks: number, takenBack: number): string {
  const start = `Held pay of ${tasks} tasks (${workUnits} work units) is forfeited because task ${shortTask(task)} was proven false.`;
  return takenBack === 0
    ? start
    : `${start} ${takenBack} of them had not been re-run whole: others compute them again.`;
}

export function banSentence(fakes: number): string {
  return `Banned after ${fakes} proven false results.`;
}

export function operatorBanSentence(reason: string): string {
  return `Banned by the studio's operator: ${reason}`;
}

export function unbanSentence(reason: string): string {
  return `Let in again by the studio's operator: ${reason}`;
}
