import { codedPlan, copiesPlan, NO_REDUNDANCY } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { STUDY_ROWS, type StudyOutcome, studyScheme } from './jellie-study.ts';

function study(impairment: string, deadline: number, plan: Parameters<typeof studyScheme>[1]): StudyOutcome {
  const row = STUDY_ROWS.find((each) => each.impairment === impairment && each.deadlinePackets === deadline);
  if (row === undefined) throw new Error('no such row');
  return studyScheme(row, plan, 6000, 'test');
}

test('copies attain the erasure bound, to the packet', () => {
  for (const [impairment, deadline, offsets] of [
    ['loss5', 2.5, [1]],
    ['burst2x4-12ms', 8.5, [3, 7]],
    ['jitter5loss1', 6.5, [1, 2, 3]],
  ] as const) {
    const outcome = study(impairment, deadline, copiesPlan(offsets));
    expect(outcome.concealedPercent, impairment).toBeLessThanOrEqual(outcome.boundPercent + 0.1);
    expect(outcome.concealedPercent).toBeLessThan(
      study(impairment, deadline, NO_REDUNDANCY).concealedPercent / 3,
    );
  }
});

test('no scheme does better than what arrived allows', () => {
  for (const row of STUDY_ROWS)
    for (const plan of [copiesPlan([1, 2]), codedPlan(2, 6)]) {
      const outcome = studyScheme(row, plan, 3000, 'bound');
      expect(outcome.concealedPercent).toBeGreaterThanOrEqual(outcome.boundPercent - 1e-9);
    }
});
