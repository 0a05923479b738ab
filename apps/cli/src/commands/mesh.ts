import type { MeshStatus } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface MeshOptions {
  data: string;
  json?: boolean;
}

interface CodeOptions extends MeshOptions {
  owner: string;
  payee: string;
  nodes: string;
  hours: string;
}

/** The mesh from its operator's side. */
export function addMeshCommand(program: Command, context: CommandContext): void {
  const mesh = program
    .command('mesh')
    .description("the operator's view of the mesh, and codes for owners of machines");
  mesh
    .command('status')
    .description('nodes, queue, throughput, what re-runs found, and bad hosts with the evidence in words')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  jamnet mesh status')
    .action(async ({ data, json }: MeshOptions) => {
      const status = await askJson<MeshStatus>(context, data, { method: 'GET', path: '/api/mesh/status' });
      print(context, json, status, () => statusText(status));
    });
  mesh
    .command('code')
    .description("a code by which an owner's machines pair; shown once, only its hash is kept")
    .requiredOption('--owner <group>', 'the owner; the name is for paired machines alone from then on')
    .requiredOption('--payee <id>', 'who is paid for their work: p and 32 hex digits')
    .option('--nodes <n>', 'machines that may use it', '1')
    .option('--hours <n>', 'how long it holds', '24')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `\nExample:\n  jamnet mesh code --owner our-house --payee p${'0'.repeat(32)} --nodes 12`,
    )
    .action((options: CodeOptions) => code(context, options));
}

async function code(context: CommandContext, options: CodeOptions): Promise<void> {
  const { owner: ownerGroup, payee, data, json } = options;
  const [nodes, hours] = [Number(options.nodes), Number(options.hours)];
  if (!Number.isInteger(nodes) || !Number.isInteger(hours))
    throw new CommandError('option-invalid', '--nodes and --hours are whole numbers.', EXIT.usage);
  const body = { ownerGroup, payee, nodes, hours };
  const question = { method: 'POST', path: '/api/nodes/codes', body } as const;
  const made = await askJson<{ code: string; expiresAtUs: string }>(context, data, question);
  print(context, json, made, () => `${made.code}\nOn each machine: jamnet node pair ${made.code}`);
}

function statusText(status: MeshStatus): string {
  const { nodes, slots, queue, outcomes, acceptedPerSecond, badHosts } = status;
  const counts = (values: Readonly<Record<string, number>>) =>
    Object.entries(values)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  return [
    `nodes: ${nodes.connected} connected (${nodes.working} at work), ${nodes.known} known, ${nodes.banned} banned`,
    `slots: ${slots.running} of ${slots.offered} at work`,
    `tasks: ${queue.queued} queued, ${queue.running} running, ${queue.checking} in re-check, ${queue.accepted} accepted, ${queue.failed} given up`,
    `throughput: ${acceptedPerSecond.toFixed(1)} accepted a second over the last minute`,
    `since start: accepted ${counts(outcomes.acceptedByKind)}; refused ${counts(outcomes.refusedByCode)}; ${outcomes.checks} re-runs, ${outcomes.provenFalse} proven false, ${outcomes.retracted} found false later, ${outcomes.late} late`,
    `pay: ${outcomes.releasedUnits} work units released, ${outcomes.forfeitedUnits} forfeited`,
    ...badHosts.flatMap(({ name, node, ownerGroup, state, provenFakes, precision, sentences }) => [
      `bad host ${name} (${node.slice(0, 12)}, owner ${ownerGroup}): ${state}, ${provenFakes} proven false, ${precision}`,
      ...sentences.map((sentence) => `  ${sentence}`),
    ]),
  ].join('\n');
}
