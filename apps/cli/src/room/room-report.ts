import { readFileSync } from 'node:fs';
import {
  type Advice,
  type LinkReport,
  type MachineReport,
  oneWayUs,
  type RoomReport,
  STALL_US,
} from '@jamnet/toast';
import { CommandError, EXIT } from '../exit-codes.ts';

const FIGURES = [
  'inputUs',
  'packetUs',
  'networkUs',
  'bufferUs',
  'outputUs',
  'lossShare',
  'burstDatagrams',
  'lateUsP50',
  'lateUsP99',
  'lateUsP999',
  'recoveredShare',
  'concealedShare',
  'lateShare',
  'clockErrorUs',
  'driftPpm',
] as const;

/** Delay from which ensembles slow down (Chafe, Cáceres, Gurevich 2010), µs. */
const FELT_US = 25_000;
/** Steps of the tail of lateness in a report. */
const TAIL_STEP_US = 100;
const WANTED = 'give what "jamnet play --json" wrote to stdout';

/** The links of a report that `jamnet play --json` or `jamnet listen --json` wrote, and how its machine ran. */
export function readRoomReport(file: string): RoomReport {
  const value = parsed(file, contents(file));
  const links = isMembers(value) ? value.links : null;
  if (!isMembers(value) || !Array.isArray(links) || !links.every(isLink))
    throw new CommandError('report-malformed', `${file} holds no links: ${WANTED}.`, EXIT.usage);
  const machine = machineOf(value);
  return { links, ...(machine === null ? {} : { machine }) };
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandError('report-unreadable', `${file} cannot be read: ${WANTED}.`, EXIT.usage);
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError('report-malformed', `${file} is no JSON: ${WANTED}.`, EXIT.usage);
  }
}

/** A report without figures of its engine, as older ones are, has nothing to say of its machine. */
function machineOf({ player, engine }: Record<string, unknown>): MachineReport | null {
  const tail = isMembers(engine) ? engine.periodsLateBy100Us : null;
  if (typeof player !== 'string' || !Array.isArray(tail)) return null;
  const [periods, stalledPeriods]: unknown[] = [tail[0], tail[STALL_US / TAIL_STEP_US]];
  if (typeof periods !== 'number' || typeof stalledPeriods !== 'number') return null;
  return { player, periods, stalledPeriods };
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isLink(value: unknown): value is LinkReport {
  return (
    isMembers(value) &&
    typeof value.from === 'string' &&
    typeof value.to === 'string' &&
    FIGURES.every((figure) => Number.isFinite(value[figure]))
  );
}

/** Each link by stage, then who can change what. */
export function roomText({ links }: RoomReport, advice: readonly Advice[]): string {
  if (links.length === 0) return 'The report knows of no link: nobody else was in the room.';
  const said =
    advice.length === 0 ? [nothingText(links)] : advice.map(({ sentence }) => `CHANGE  ${sentence}`);
  return [...links.map(linkText), ...said].join('\n');
}

/** A delay that people feel is not passed over in silence, although no part of it stands out. */
function nothingText(links: readonly LinkReport[]): string {
  const felt = links.filter((link) => oneWayUs(link) > FELT_US);
  if (felt.length === 0) return 'Nothing to change.';
  const ways = felt.map(({ from, to }) => `${from} → ${to}`).join(', ');
  return `No single thing to change, but ${ways} takes over ${FELT_US / 1000} ms, which slows players down: shorten the largest of its parts, with --packet 64 or a relay nearer to both.`;
}

function linkText(link: LinkReport): string {
  const ms = (us: number): string => (us / 1000).toFixed(1);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const { inputUs, packetUs, networkUs, bufferUs, outputUs } = link;
  return [
    `${link.from} → ${link.to}: ${ms(oneWayUs(link))} ms one way`,
    `input ${ms(inputUs)} + packet ${ms(packetUs)} + network ${ms(networkUs)} + buffer ${ms(bufferUs)} + output ${ms(outputUs)}`,
    `lost ${percent(link.lossShare)}, recovered ${percent(link.recoveredShare)}, concealed ${percent(link.concealedShare)}, late ${percent(link.lateShare)}`,
    `drift ${link.driftPpm.toFixed(0)} ppm, clock ±${ms(link.clockErrorUs)} ms`,
  ].join('; ');
}
