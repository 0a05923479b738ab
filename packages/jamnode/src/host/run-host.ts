import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { NodeEvent } from '../client/events.ts';
import { readMachine } from '../machine/read-machine.ts';
import { type NodeOptions, runNode } from '../node/run-node.ts';
import { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import type { MachineReading } from '../rules/judge-rules.ts';
import { type ControlAnswer, type ControlWord, serveControl } from './control-server.ts';
import { EnergyAccount } from './energy-account.ts';
import { HostGovernor } from './host-governor.ts';
import { hostNotice } from './host-notice.ts';
import type { NodeDirectory } from './node-directory.ts';
import type { NodeStatus } from './node-status.ts';
import { NodeTally } from './node-tally.ts';
import { WorkGate } from './work-gate.ts';

export interface HostOptions extends Omit<NodeOptions, 'gate' | 'budget' | 'notice'> {
  readonly directory: NodeDirectory;
  /** What the whole machine draws at work, measured at the wall, W; `null`: what its cards tell. */
  readonly statedWatts: number | null;
  /** After each look at the machine. */
  readonly onStatus: (status: NodeStatus) => void;
  /** Default: this machine. */
  readonly readMachine?: () => Promise<MachineReading>;
  /** How often it looks; default 5 s. */
  readonly lookMs?: number;
}

const LOOK_MS = 5_000;
/** Tasks of a host give way to whatever its user does. */
const NICENESS = 10;

/**
 * A node as its owner runs it: obeys the rule file of its directory, answers the owner's commands on a socket there, and
 * tells its status. A pause holds until `resume`, also after a restart; a node that was killed while it drained comes back paused. Ends as `runNode` does, or when told to drain.
 */
export async function runHost(options: HostOptions): Promise<{ sent: number }> {
  const { directory, statedWatts, slots = 1, lookMs = LOOK_MS } = options;
  const rules = directory.rules();
  if (!rules.ok) throw new Failure(rules.code, `${directory.rulesFile}: ${rules.message}`);
  const nowMs = (): number => performance.now();
  const drain = new AbortController();
  const [gate, budget, energy] = [new WorkGate(), new BandwidthBudget(), new EnergyAccount(statedWatts)];
  const tally = new NodeTally(slots, nowMs());
  const onEvent = (event: NodeEvent): void => {
    tally.add(nowMs(), event);
    options.onEvent(event);
  };
  const read = options.readMachine ?? readMachine;
  const pausedByOwner = directory.standingWord() !== null;
  const governor = new HostGovernor(rules.value, {
    ...{ gate, budget, energy, nowMs, onEvent, pausedByOwner },
    readMachine: read,
  });
  const status = (): NodeStatus => {
    const { source, watts, kilowattHours } = energy;
    const now = tally.read(nowMs());
    return { ...now, reasons: gate.reasons, energy: { source, watts, kilowattHours } };
  };
  const obey = (word: ControlWord): ControlAnswer => {
    if (word === 'status') return { ok: true, status: status() };
    if (word === 'rules') {
      const fresh = directory.rules();
      if (!fresh.ok) return fresh;
      governor.obey(fresh.value);
      return { ok: true, status: status() };
    }
    const kept = keepWord(directory, word);
    if (word === 'pause') governor.pause();
    else if (word === 'resume') governor.resume();
    else drain.abort();
    return kept.ok ? { ok: true, status: status() } : kept;
  };
  const signal = AbortSignal.any([options.signal, drain.signal]);
  signal.addEventListener('abort', () => tally.drain(), { once: true });
  const closeControl = await serveControl(directory.controlSocket, obey);
  // The first look comes before the first task: a rule that forbids must not be late.
  await governor.look();
  const look = async (): Promise<void> => {
    await governor.look();
    options.onStatus(status());
  };
  const timer = setInterval(() => void look(), lookMs);
  try {
    const { modelDirectory, studioKeys } = directory;
    const notice = () => hostNotice(governor.rules, gate.reasons);
    const node = {
      ...{ niceness: NICENESS, modelDirectory, studioKeys, ...options },
      ...{ signal, gate, budget, onEvent, notice },
    };
    const drained = await runNode(node);
    if (directory.standingWord() === 'drain') directory.keepStandingWord(null);
    return drained;
  } finally {
    clearInterval(timer);
    await closeControl();
  }
}

/** So that it holds after a restart too. What was asked is done at once, whatever the disk says. */
function keepWord(
  directory: NodeDirectory,
  word: 'pause' | 'resume' | 'drain',
): Result<void, 'word-not-kept'> {
  try {
    if (word === 'drain' && directory.standingWord() === 'pause') return ok(undefined); // It stays paused when it is started again.
    directory.keepStandingWord(word === 'resume' ? null : word);
    return ok(undefined);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'failed';
    return refuse(
      'word-not-kept',
      `Done, but it will not hold after a restart: ${why}. Make room on the disk.`,
    );
  }
}
