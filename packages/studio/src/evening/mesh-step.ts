import { forecastPerformance } from '../groove/forecast-session.ts';
import { isRefusal, showMesh } from '../mesh/mesh-view.ts';
import { keepRepairs } from '../takes/keep-repairs.ts';
import { createTakeTasks } from '../takes/repair-tasks.ts';
import { archivedDrums } from './archived-drums.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { EveningResults, MeshResult } from './results.ts';
import { READY_LIMIT_MS, startNodes } from './sample-nodes.ts';

/** Longest wait for the nodes' results, ms. */
const WORK_LIMIT_MS = 90_000;
const EVIDENCE_MAX = 1000;

/** Two nodes repair, fingerprint and forecast; one of them lies and is caught. */
export function meshStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'mesh',
    title: 'Machines repair and forecast; repair earns',
    run: (_done, progress) => mesh(context, progress),
  };
}

async function mesh(context: EveningContext, progress: StepProgress): Promise<MeshResult> {
  progress.report(0.02, 'listening for the drums in the recording');
  const performance = await archivedDrums(context);
  progress.report(0.06, 'two nodes measure themselves');
  const nodes = await startNodes(context);
  try {
    const tasks = await createTakeTasks(context.parts, nodes.ids);
    const finished = await workOff(context, tasks, progress);
    await keepRepairs(context.parts);
    const session = {
      performance,
      node: nodes.honest,
      ownerGroup: context.members['honest-node'].ownerGroup,
      performerGroup: context.members.backing.ownerGroup,
      session: `${context.epochId}/${performance.name}`,
    };
    // A step that is done again may have no task left that would have kept us until now.
    await context.parts.mesh.untilReady(nodes.honest, AbortSignal.timeout(READY_LIMIT_MS));
    const skill = await forecastPerformance(context.parts, session, (part, detail) =>
      progress.report(0.65 + 0.3 * part, detail),
    );
    await context.parts.mesh.settle();
    const result = await creditHosts(context, finished);
    await showMesh(context.parts, tasks);
    progress.report(1, `${result.verified} verified, ${result.rejected} refused; ${skill}`);
    return result;
  } finally {
    await nodes.stop();
  }
}

/** Waits until every task is accepted or given up; answers how many were accepted. */
async function workOff(
  context: EveningContext,
  tasks: readonly string[],
  progress: StepProgress,
): Promise<number> {
  let done = 0;
  const stopWatching = context.parts.onMeshEffect((effect) => {
    if (effect.type === 'accepted') done++;
    if (effect.type !== 'accepted' && effect.type !== 'refused') return;
    progress.report(0.1 + (0.5 * done) / tasks.length, `${done} of ${tasks.length} tasks verified`);
    void showMesh(context.parts, tasks);
  });
  try {
    const { accepted } = await context.parts.mesh.untilDone(tasks, AbortSignal.timeout(WORK_LIMIT_MS));
    return accepted.length;
  } finally {
    stopWatching();
  }
}

/** Released pay becomes contributions, as before any close; what a proven fake forfeited does not. */
async function creditHosts(context: EveningContext, verified: number): Promise<MeshResult> {
  const { coordinator, hostPay } = context.parts;
  await hostPay.credit();
  const released = await coordinator.work({ state: 'released' });
  const nodes = await coordinator.nodes();
  let rejected = 0;
  for (const node of nodes)
    rejected += (await coordinator.evidenceOf(node.id, EVIDENCE_MAX)).filter(isRefusal).length;
  const liar = context.members['lying-node'].payee;
  const liarCaught = nodes.some(
    (node) => node.payee === liar && node.provenFakes > 0 && node.releasedUnits === 0n,
  );
  return { verified, rejected, liarCaught, computeContributions: released.length };
}
