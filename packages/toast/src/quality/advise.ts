import { type LinkReport, oneWayUs, type RoomReport } from './room-report.ts';

export type AdviceCode =
  | 'wireless-or-busy-line'
  | 'line-up-loses'
  | 'line-down-loses'
  | 'buffer-too-short'
  | 'buffer-too-long'
  | 'driver-slow'
  | 'far-apart'
  | 'clock-unsure'
  | 'card-off-rate';

/** What one player can change, and the figures that say so. */
export interface Advice {
  readonly code: AdviceCode;
  /** Who can do something about it. */
  readonly player: string;
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

/** What to change, by plain rules on measured figures; the most helpful first, nothing when all is well. */
export function advise(report: RoomReport): Advice[] {
  return [
    ...report.links.flatMap(adviseOnCards),
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
    us <= DRIVER_US
      ? []
      : [
          {
            code: 'driver-slow',
            player,
            sentence: `${player}'s sound card adds ${ms(us)}: use its low-latency driver (ASIO, JACK, hw:) and a buffer of 64 frames.`,
          },
        ];
  return [...slow(link.from, link.inputUs), ...slow(link.to, link.outputUs)];
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
      advice.push({
        code: 'line-up-loses',
        player,
        sentence: `${player}'s line up loses ${percent(mean(up))} of the datagrams: stop uploads and cloud backups there, prefer a cable.`,
      });
    if (isDown && down.length > 1)
      advice.push({
        code: 'line-down-loses',
        player,
        sentence: `${player}'s line down loses ${percent(mean(down))} of the datagrams: stop downloads and video there, prefer a cable.`,
      });
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
    advice.push({
      code: 'wireless-or-busy-line',
      player,
      sentence: `At ${player} one datagram in a hundred is over ${ms(worst)} late: use a network cable instead of Wi-Fi, or end what fills the line.`,
    });
  }
  return advice;
}

function adviseOnBuffer(link: LinkReport): Advice[] {
  const neededUs = link.lateUsP999 + BUFFER_SPARE_US;
  // What was concealed is counted since the start, lateness and buffer are of now: one that followed meanwhile is long enough.
  const isTooShort = neededUs > link.bufferUs;
  if (isTooShort && link.concealedShare > CONCEALED && link.lateShare > link.concealedShare / 2)
    return [
      {
        code: 'buffer-too-short',
        player: link.to,
        sentence: `${link.to} hears ${link.from} with ${percent(link.concealedShare)} made up although most of it came: a buffer of ${ms(neededUs)} instead of ${ms(link.bufferUs)}, or let it follow the network.`,
      },
    ];
  if (
    link.concealedShare < CONCEALED / 10 &&
    link.lossShare < LOSS &&
    link.bufferUs > 3 * link.lateUsP999 + 5_000
  )
    return [
      {
        code: 'buffer-too-long',
        player: link.to,
        sentence: `${link.to} waits ${ms(link.bufferUs)} for ${link.from} though ${ms(link.lateUsP999)} would do: let the buffer follow the network.`,
      },
    ];
  return [];
}

function adviseOnDistance(link: LinkReport): Advice[] {
  if (link.networkUs < FAR_US || oneWayUs(link) < ONE_WAY_US || link.lateUsP99 - link.lateUsP50 > SPREAD_US)
    return [];
  return [
    {
      code: 'far-apart',
      player: link.to,
      sentence: `${link.from} to ${link.to} takes ${ms(link.networkUs)} on a steady line: that is distance. Choose a relay between them, or play what bears it.`,
    },
  ];
}

function adviseOnClocks(report: RoomReport): Advice[] {
  const advice: Advice[] = [];
  for (const link of report.links) {
    if (link.clockErrorUs > CLOCK_US && link.lateUsP99 - link.lateUsP50 > SPREAD_US)
      advice.push({
        code: 'clock-unsure',
        player: link.to,
        sentence: `${link.to}'s clock may be ${ms(link.clockErrorUs)} off the room's, so its delays are guesses: a steadier line helps.`,
      });
    if (Math.abs(link.driftPpm) > DRIFT_PPM)
      advice.push({
        code: 'card-off-rate',
        player: link.to,
        sentence: `The cards of ${link.from} and ${link.to} run ${Math.round(Math.abs(link.driftPpm))} ppm apart: one of them is not at 48,000 Hz; set it there.`,
      });
  }
  return advice;
}

function playersOf(report: RoomReport): string[] {
  return [...new Set(report.links.flatMap((link) => [link.from, link.to]))];
}

function mean(links: readonly LinkReport[]): number {
  return links.reduce((sum, link) => sum + link.lossShare, 0) / links.length;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
