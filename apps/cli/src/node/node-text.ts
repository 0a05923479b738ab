import type { Farm, NodeEvent, NodeStatus } from '@jamnet/jamnode';
import type { NodeEarnings } from './earnings.ts';

/** What a node's owner sees of it, a line each; the same for the live view and for `node status`. */
export function statusLines(status: NodeStatus, earnings: NodeEarnings | null): string[] {
  const { state, why, running, slots, tasks, workUnits, utilisationPercent } = status;
  return [
    [
      state,
      `up ${duration(status.upSeconds)}`,
      `${running.length} of ${slots} ${slots === 1 ? 'slot' : 'slots'} at work`,
      `busy ${utilisationPercent.toFixed(0)} % of the last minute`,
    ].join('  ·  '),
    ...why.map((sentence) => `  why: ${sentence}`),
    ...running.map(({ slot, kind, seconds }) => `  slot ${slot + 1}: ${kind}, ${seconds.toFixed(1)} s`),
    `  tasks: ${tasks.sent} sent, ${tasks.accepted} accepted, ${tasks.refused} refused, ${tasks.dropped} given back`,
    `  work units: ${workUnits.accepted} accepted, ${workUnits.released} released`,
    `  ${powerText(status)}${earnings ? costText(earnings) : ''}`,
    ...(status.lastVerdict === null ? [] : [`  last: ${status.lastVerdict}`]),
  ];
}

function powerText({ energy: { source, watts, kilowattHours } }: NodeStatus): string {
  if (source === null || kilowattHours === null) return 'power: not known here (state it with --watts)';
  const whose = source === 'stated' ? 'as stated' : 'of the graphics cards alone';
  return `power: ${watts?.toFixed(0) ?? '?'} W ${whose}, ${kilowattHours.toFixed(3)} kWh so far`;
}

function costText(earnings: NodeEarnings): string {
  const { unitsPerKilowattHour, powerCost, jamPerKilowattHour, centsPerKilowattHour } = earnings;
  return [
    ...(powerCost === null ? [] : [`cost ${powerCost.toFixed(4)}`]),
    ...(unitsPerKilowattHour === null ? [] : [`${unitsPerKilowattHour.toFixed(1)} work units per kWh`]),
    ...(jamPerKilowattHour === null
      ? []
      : [`about ${jamPerKilowattHour.toFixed(4)} JAM per kWh by past epochs`]),
    ...(centsPerKilowattHour === null ? [] : [`worth ${(centsPerKilowattHour / 100).toFixed(4)}`]),
  ]
    .map((part) => `, ${part}`)
    .join('');
}

export function farmLines({ ownerGroup, payee, nodes, computeMicroJam }: Farm): string[] {
  const rows = nodes.map(({ name, state, device, slots, running, releasedUnits, heldUnits, lastRefusal }) =>
    [
      `${name.slice(0, 24).padEnd(24)} ${state.padEnd(9)} ${`${running}/${slots}`.padStart(7)}`,
      `${releasedUnits.padStart(10)} released ${heldUnits.padStart(8)} held  ${device ?? ''}`,
      ...(lastRefusal === null ? [] : [`\n  ${lastRefusal}`]),
    ].join(' '),
  );
  const jam = (Number(computeMicroJam) / 1e6).toFixed(6);
  return [
    `${ownerGroup}: ${nodes.length} ${nodes.length === 1 ? 'machine' : 'machines'}, paid to ${payee}; ${jam} JAM in closed epochs`,
    ...rows,
  ];
}

/** One event in words; empty for what the owner need not read. */
export function eventText(event: NodeEvent): string {
  switch (event.type) {
    case 'benchmarked':
      return `measured ${(Number(event.operationsPerSecond) / 1e9).toFixed(2)} billion operations/s on ${event.device}; slots: files ${event.files}, network ${event.network}, memory ${event.memory}\n`;
    case 'connected':
      return `connected to ${event.url}\n`;
    case 'registered':
      return `registered; takes ${event.kinds.join(', ')}\n`;
    case 'paused':
      return `paused: ${event.reasons.map(({ sentence, code }) => `${sentence} [${code}]`).join(' ')}\n`;
    case 'resumed':
      return 'working again\n';
    case 'task-sent':
      return `done: ${event.kind}, ${event.workUnits} work units, ${event.cpuMs.toFixed(0)} ms\n`;
    case 'task-dropped':
      return `dropped: ${event.kind}: ${event.message} [${event.code}]\n`;
    case 'verdict':
      return `${event.sentence} [${event.code}]\n`;
    case 'refused':
      return `refused: ${event.message} [${event.code}]\n`;
    case 'disconnected':
      return `disconnected (${event.reason}); trying again in ${(event.retryMs / 1000).toFixed(1)} s\n`;
    case 'drained':
      return `left after ${event.sent} results\n`;
    default:
      return '';
  }
}

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${hours} h ${minutes} min`
    : minutes > 0
      ? `${minutes} min`
      : `${Math.floor(seconds)} s`;
}
