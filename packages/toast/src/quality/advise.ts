import { type LinkReport, type MachineReport, oneWayUs, type RoomReport, STALL_US } from './room-report.ts';

/** What stands out, with the figures that say so: what a sentence about it tells, in whatever language. */
export type Finding =
  | { readonly code: 'wireless-or-busy-line'; readonly lateUs: number }
  | { readonly code: 'line-up-loses' | 'line-down-loses'; readonly lossShare: number }
  | {
      readonly code: 'buffer-too-short';
      /** Whom the player hears. */
      readonly from: string;
      readonly concealedShare: number;
      readonly neededUs: number;
      readonly bufferUs: number;
    }
  | {
      readonly code: 'buffer-too-long';
      readonly from: string;
      readonly bufferUs: number;
      readonly neededUs: number;
    }
  | {
      readonly code: 'buffer-held-up';
      readonly from: string;
      readonly bufferUs: number;
      /** Within so much of the quickest come 99 of 100 datagrams. */
      readonly lateUs: number;
    }
  | { readonly code: 'machine-stalls'; readonly stalledShare: number; readonly stallUs: number }
  | { readonly code: 'driver-slow'; readonly cardUs: number }
  | { readonly code: 'far-apart'; readonly from: string; readonly networkUs: number }
  | { readonly code: 'clock-unsure'; readonly clockErrorUs: number }
  | { readonly code: 'card-off-rate'; readonly from: string; readonly driftPpm: number };

export type AdviceCode = Finding['code'];

/** What one player can change. */
export interface Advice {
  readonly code: AdviceCode;
  /** Who can do something about it. */
  readonly player: string;
  readonly finding: Finding;
  /** The same in English. */
  readonly sentence: string;
}

/** Above these, players hear or feel it (delay: Chafe, Cáceres, Gurevich 2010: ensemble slows from about 25 ms). */
const LOSS = 0.002;
const CONCEALED = 0.002;
const SPREAD_US = 3_000;
const DRIVER_US = 8_000;
const FAR_US = 25_000;
const ONE_WAY_US = 25_000;
const CLOCK_US = 2_000;
const DRIFT_PPM = 300;
/** A buffer holds what is late by its length less this (SPEC.md §8). */
const BUFFER_SPARE_US = 250;
/** Of a buffer's length, what less than one datagram in a hundred asks for. */
const HELD_UP_US = 10_000;

/** What to change, by plain rules on measured figures; the most helpful first, nothing when all is well. */
export function advise(report: RoomReport): Advice[] {
  return [
    ...report.links.flatMap(adviseOnCards),
    ...(report.machine === undefined ? [] : adviseOnMachine(report.machine)),
    ...adviseOnLoss(report),
    ...adviseOnSpread(report),
    ...report.links.flatMap(adviseOnBuffer),
    ...report.links.flatMap(adviseOnDistance),
    ...adviseOnClocks(report),
  ].filter(
    (each, i, all) => all.findIndex((one) => one.code === each.code && one.player === each.player) === i,
  );
}

function adviseOnCards(link: LinkReport): Advice[] {
  const slow = (player: string, us: number): Advice[] =>
    us <= DRIVER_US ? [] : [adviceOn(player, { code: 'driver-slow', cardUs: us })];
  return [...slow(link.from, link.inputUs), ...slow(link.to, link.outputUs)];
}

/** What a machine sleeps through comes late at everybody, however good the line. */
function adviseOnMachine({ player, periods, stalledPeriods }: MachineReport): Advice[] {
  const stalledShare = stalledPeriods / Math.max(1, periods);
  if (stalledShare <= CONCEALED) return [];
  return [adviceOn(player, { code: 'machine-stalls', stalledShare, stallUs: STALL_US })];
}

/** Loss that all listeners of one sender see is the sender's line up; loss of all senders at one listener, its line down. */
function adviseOnLoss(report: RoomReport): Advice[] {
  const advice: Advice[] = [];
  for (const player of playersOf(report)) {
    const up = report.links.filter((link) => link.from === player);
    const down = report.links.filter((link) => link.to === player);
    const loses = (links: readonly LinkReport[]): boolean =>
      links.length > 0 && links.every((link) => link.lossShare > LOSS);
    const [isUp, isDown] = [loses(up), loses(down)];
    // With two players a lossy way belongs to either: say so of the sender, who can test by changing place.
    if (
      isUp &&
      (up.length > 1 || !loses(report.links.filter((link) => link.to === up[0]?.to && link !== up[0])))
    )
      advice.push(adviceOn(player, { code: 'line-up-loses', lossShare: mean(up) }));
    if (isDown && down.length > 1)
      advice.push(adviceOn(player, { code: 'line-down-loses', lossShare: mean(down) }));
  }
  return advice;
}

/** Lateness that varies by milliseconds while half the packets are quick is what Wi-Fi and full queues do. */
function adviseOnSpread(report: RoomReport): Advice[] {
  const advice: Advice[] = [];
  for (const player of playersOf(report)) {
    const mine = report.links.filter((link) => link.from === player || link.to === player);
    const others = report.links.filter((link) => link.from !== player && link.to !== player);
    const wide = (link: LinkReport): boolean => link.lateUsP99 - link.lateUsP50 > SPREAD_US;
    if (mine.length === 0 || !mine.every(wide) || (others.length > 0 && others.every(wide))) continue;
    const worst = Math.max(...mine.map((link) => link.lateUsP99));
    advice.push(adviceOn(player, { code: 'wireless-or-busy-line', lateUs: worst }));
  }
  return advice;
}

function adviseOnBuffer(link: LinkReport): Advice[] {
  const { from, concealedShare, bufferUs } = link;
  const neededUs = link.lateUsP999 + BUFFER_SPARE_US;
  // What was concealed is counted since the start, lateness and buffer are of now: one that followed meanwhile is long enough.
  const isTooShort = neededUs > link.bufferUs;
  if (isTooShort && link.concealedShare > CONCEALED && link.lateShare > link.concealedShare / 2)
    return [adviceOn(link.to, { code: 'buffer-too-short', from, concealedShare, neededUs, bufferUs })];
  if (
    link.concealedShare < CONCEALED / 10 &&
    link.lossShare < LOSS &&
    link.bufferUs > 3 * link.lateUsP999 + 5_000
  )
    return [adviceOn(link.to, { code: 'buffer-too-long', from, bufferUs, neededUs: link.lateUsP999 })];
  const { lateUsP99: lateUs } = link;
  if (oneWayUs(link) > ONE_WAY_US && bufferUs > lateUs + HELD_UP_US)
    return [adviceOn(link.to, { code: 'buffer-held-up', from, bufferUs, lateUs })];
  return [];
}

function adviseOnDistance(link: LinkReport): Advice[] {
  if (link.networkUs < FAR_US || oneWayUs(link) < ONE_WAY_US || link.lateUsP99 - link.lateUsP50 > SPREAD_US)
    return [];
  return [adviceOn(link.to, { code: 'far-apart', from: link.from, networkUs: link.networkUs })];
}

function adviseOnClocks(report: RoomReport): Advice[] {
  const advice: Advice[] = [];
  for (const link of report.links) {
    if (link.clockErrorUs > CLOCK_US && link.lateUsP99 - link.lateUsP50 > SPREAD_US)
      advice.push(adviceOn(link.to, { code: 'clock-unsure', clockErrorUs: link.clockErrorUs }));
    if (Math.abs(link.driftPpm) > DRIFT_PPM)
      advice.push(adviceOn(link.to, { code: 'card-off-rate', from: link.from, driftPpm: link.driftPpm }));
  }
  return advice;
}

function playersOf(report: RoomReport): string[] {
  return [...new Set(report.links.flatMap((link) => [link.from, link.to]))];
}

function mean(links: readonly LinkReport[]): number {
  return links.reduce((sum, link) => sum + link.lossShare, 0) / links.length;
}

function adviceOn(player: string, finding: Finding): Advice {
  return { code: finding.code, player, finding, sentence: sentenceOf(player, finding) };
}

function sentenceOf(player: string, finding: Finding): string {
  switch (finding.code) {
    case 'driver-slow':
      return `${player}'s sound card adds ${ms(finding.cardUs)}: use its low-latency driver (ASIO, JACK, hw:) and a buffer of 64 frames.`;
    case 'line-up-loses':
      return `${player}'s line up loses ${percent(finding.lossShare)} of the datagrams: stop uploads and cloud backups there, prefer a cable.`;
    case 'line-down-loses':
      return `${player}'s line down loses ${percent(finding.lossShare)} of the datagrams: stop downloads and video there, prefer a cable.`;
    case 'wireless-or-busy-line':
      return `At ${player} one datagram in a hundred is over ${ms(finding.lateUs)} late: use a network cable instead of Wi-Fi, or end what fills the line.`;
    case 'buffer-too-short':
      return `${player} hears ${finding.from} with ${percent(finding.concealedShare)} made up although most of it came: a buffer of ${ms(finding.neededUs)} instead of ${ms(finding.bufferUs)}, or let it follow the network.`;
    case 'buffer-too-long':
      return `${player} waits ${ms(finding.bufferUs)} for ${finding.from} though ${ms(finding.neededUs)} would do: let the buffer follow the network.`;
    case 'buffer-held-up':
      return `${player} waits ${ms(finding.bufferUs)} for ${finding.from} though 99 of 100 datagrams come within ${ms(finding.lateUs)}: a machine or line that now and then stands still holds the buffer up. Look at both machines with "jamnet doctor" and end what else runs there.`;
    case 'machine-stalls':
      return `${player}'s machine came over ${ms(finding.stallUs)} late to ${percent(finding.stalledShare)} of its card's periods, which all buffers must cover: end what else runs there, and let sound run before other work ("jamnet doctor" says how).`;
    case 'far-apart':
      return `${finding.from} to ${player} takes ${ms(finding.networkUs)} on a steady line: that is distance. Choose a relay between them, or play what bears it.`;
    case 'clock-unsure':
      return `${player}'s clock may be ${ms(finding.clockErrorUs)} off the room's, so its delays are guesses: a steadier line helps.`;
    case 'card-off-rate':
      return `The cards of ${finding.from} and ${player} run ${Math.round(Math.abs(finding.driftPpm))} ppm apart: one of them is not at 48,000 Hz; set it there.`;
  }
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
