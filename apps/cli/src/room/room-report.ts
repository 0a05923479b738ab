import { readFileSync } from 'node:fs';
import { type Advice, type LinkReport, oneWayUs, type RoomReport } from '@jamnet/toast';
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

/** The links of a report that `jamnet play --json` or `jamnet listen --json` wrote. */
export function readRoomReport(file: string): RoomReport {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new CommandError('report-unreadable', `${file}: ${why}`, EXIT.usage);
  }
  const links = isMembers(value) ? value.links : null;
  if (!Array.isArray(links) || !links.every(isLink)) {
    const message = `${file} holds no links: give what "jamnet play --json" wrote to stdout.`;
    throw new CommandError('report-malformed', message, EXIT.usage);
  }
  return { links };
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
    advice.length === 0 ? ['Nothing to change.'] : advice.map(({ sentence }) => `CHANGE  ${sentence}`);
  return [...links.map(linkText), ...said].join('\n');
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
