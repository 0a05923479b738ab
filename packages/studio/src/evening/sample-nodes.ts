import { Failure, present, toHex } from '@jamnet/base';
import { type ChildProgram, runChild } from '../processes/child-program.ts';
import type { EveningContext } from './evening-context.ts';
import type { SampleRole } from './sample-members.ts';

export interface SampleNodes {
  /** Ids under which the coordinator knows both. */
  readonly ids: readonly string[];
  /** Id of the honest one. */
  readonly honest: string;
  stop(): Promise<void>;
}

const PROGRAMS: readonly { readonly role: SampleRole; readonly entry: string; readonly name: string }[] = [
  { role: 'honest-node', entry: '@jamnet/jamnode/main', name: 'JAMNode A' },
  { role: 'lying-node', entry: '@jamnet/sim/liar-main', name: 'JAMNode B' },
];
/** Start, benchmark and registration of a node take about two seconds; a busy machine gets ten times that. */
export const READY_LIMIT_MS = 20_000;

/** Two hosts, each a process with a key of its own: one honest, one that rounds a chunk of each result to int8. */
export async function startNodes(context: EveningContext): Promise<SampleNodes> {
  const children: ChildProgram[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(children.map((child) => child.stop())));
  try {
    const ids = await Promise.all(
      PROGRAMS.map(({ role, entry, name }) => startNode(context, role, entry, name, children)),
    );
    return { ids, honest: present(ids[0], 'honest node'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves with the node's id once it has registered, or once it was turned away as banned by an earlier run of this step. */
function startNode(
  context: EveningContext,
  role: SampleRole,
  entry: string,
  name: string,
  children: ChildProgram[],
): Promise<string> {
  const member = context.members[role];
  const url = `${context.parts.url.replace(/^http/, 'ws')}/mesh`;
  const { ownerGroup, payee } = member;
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Failure('node-not-ready', `${name} did not register in time`)),
      READY_LIMIT_MS,
    );
    const settle = (node: Promise<string>): void => {
      clearTimeout(limit);
      node.then(resolve, reject);
    };
    const child = runChild({
      entry: new URL(import.meta.resolve(entry)),
      options: { url, seedHex: toHex(member.key.seed), name, ownerGroup, payee, slots: 1, slotMemoryMb: 128 },
      onLine: (line) => {
        // JSON Lines of our own node program.
        const event = line as { type?: string; node?: string; code?: string };
        if (event.type === 'registered' && event.node !== undefined) settle(Promise.resolve(event.node));
        else if (event.type === 'stopped' && event.code === 'node-banned') settle(knownNode(context, payee));
      },
    });
    children.push(child);
    // A node that is banned ends by itself later; before it registered, its end is our failure.
    child.ended.then(() => reject(new Failure('node-ended', `${name} ended before it registered`)), reject);
  });
}

async function knownNode(context: EveningContext, payee: string): Promise<string> {
  const nodes = await context.parts.coordinator.nodes();
  return present(
    nodes.find((node) => node.payee === payee),
    'a banned node is known',
  ).id;
}
