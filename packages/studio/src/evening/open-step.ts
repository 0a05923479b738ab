import { createHash } from 'node:crypto';
import { hashWorkload } from '@jamnet/attribution';
import { Failure } from '@jamnet/base';
import { samplePolicy } from '@jamnet/economy';
import { revisionOf } from '../code/revision-of.ts';
import { EVENING_CODE, proposedWorkload } from './code-step.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { EveningResults, OpenResult } from './results.ts';

/** Publishes the evening's rules before anything can earn, registers its members, opens the epoch. */
export function openStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'open',
    title: 'The rules are published',
    run: (_done, progress) => open(context, progress),
  };
}

async function open(context: EveningContext, progress: StepProgress): Promise<OpenResult> {
  const { economy, nowUs } = context.parts;
  const workload = proposedWorkload(context.parts.checkout);
  const documents = { 'code-workload': hashWorkload(workload) };
  const policy = { ...samplePolicy({ epochId: context.epochId, documents }), code: EVENING_CODE };
  const published = await economy.publishPolicy(nowUs(), policy);
  if (!published.ok) throw new Failure(published.code, published.message);
  for (const { payee, ownerGroup, label } of Object.values(context.members)) {
    context.parts.nameMember(payee, label);
    const evidenceSha256 = createHash('sha256').update(`sample member ${label}`).digest('hex');
    const registered = await economy.registerPayee(nowUs(), { payee, ownerGroup, evidenceSha256 });
    if (!registered.ok) throw new Failure(registered.code, registered.message);
  }
  const epoch = await economy.openEpoch(nowUs());
  if (!epoch.ok) throw new Failure(epoch.code, epoch.message);
  await context.parts.publishBooks();
  progress.report(1, `policy ${published.value.sha256.slice(0, 12)}…, epoch ${epoch.value.id}`);
  const codeRevision = await revisionOf(context.parts.checkout);
  return { epochId: epoch.value.id, policySha256: published.value.sha256, workload, codeRevision };
}
