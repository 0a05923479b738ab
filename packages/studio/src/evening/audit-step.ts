import { Failure } from '@jamnet/base';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { AuditResult, EveningResults } from './results.ts';

/** Everything is checked from the public files alone, as a stranger would. */
export function auditStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'audit',
    title: 'Anybody audits the books',
    run: (_done, progress) => audit(context, progress),
  };
}

async function audit(context: EveningContext, progress: StepProgress): Promise<AuditResult> {
  const { verdict, witnessed, checks } = await context.parts.services.audit();
  const failed = checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);
  if (verdict !== 'ok') throw new Failure('audit-failed', failed.join('; '));
  progress.report(1, `${checks.length} checks agree`);
  return { verdict, witnessed, failed };
}
