import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Effect } from '@jamnet/mesh';
import { type Logger, pino } from 'pino';
import type { ConnectedNode } from '../node-requests.ts';

/** Size at which a log is put aside as `….1`, over the one before: two files at most. */
export const LOG_BYTES_MAX = 8 * 1024 * 1024;

/** The mesh's log: one JSON object a line (pino: level, time in ms UTC, msg, fields). Accepted results are `debug`, too many for a file. */
export function meshLogger(file: string, bytesMax: number = LOG_BYTES_MAX): Logger {
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const write = (line: string): void => {
    if (bytes + line.length > bytesMax) {
      if (bytes > 0) renameSync(file, `${file}.1`);
      bytes = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    bytes += Buffer.byteLength(line);
  };
  return pino({ name: 'mesh', base: { name: 'mesh' } }, { write });
}

/** One decision, at the level of who must read it. */
export function logEffect(log: Logger, effect: Effect): void {
  switch (effect.type) {
    case 'accepted':
      log.debug({ node: effect.node, task: effect.task.id, kind: effect.task.kind }, 'result accepted');
      return;
    case 'refused': {
      const { node, task, code, proven, sentence } = effect;
      log.warn({ node, task, code, proven }, sentence);
      return;
    }
    case 'banned':
      log.error({ node: effect.node }, effect.sentence);
      return;
    case 'forfeited': {
      const { node, workUnits, tasks, sentence } = effect;
      log.warn({ node, workUnits: String(workUnits), tasks }, sentence);
      return;
    }
    case 'retracted':
      log.warn({ node: effect.node, task: effect.task }, 'accepted result found false');
      return;
    case 'expired':
      log.info({ node: effect.node, task: effect.task }, 'lease ran out');
      return;
    case 'failed':
      log.error({ task: effect.task }, effect.sentence);
      return;
  }
}

/** Tells who came and who left since the last call. */
export function nodeWatcher(log: Logger): (nodes: readonly ConnectedNode[]) => void {
  let before = new Map<string, ConnectedNode>();
  return (nodes) => {
    const now = new Map(nodes.map((node) => [node.node, node]));
    for (const { node, name, device, slots } of nodes)
      if (!before.has(node)) log.info({ node, nodeName: name, device, slots }, 'node connected');
    for (const { node, name } of before.values())
      if (!now.has(node)) log.info({ node, nodeName: name }, 'node left');
    before = now;
  };
}
