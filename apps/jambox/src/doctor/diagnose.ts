import type { MachineFacts } from './machine-facts.ts';

export type FindingCode =
  | 'priority'
  | 'pacing'
  | 'system-calls'
  | 'udp-buffer'
  | 'sound-card'
  | 'wireless'
  | 'cpu-clock'
  | 'way-loses'
  | 'way-jitters'
  | 'way-is-long'
  | 'way';

/** One thing looked at. */
export interface Finding {
  readonly code: FindingCode;
  readonly isFine: boolean;
  /** What was seen, and where it is not fine what to change. */
  readonly sentence: string;
}

/** What playing to oneself through the relay showed. */
export interface WayFacts {
  readonly packets: number;
  /** Own datagram did not come in time. */
  readonly lost: number;
  readonly roundTripMs: number;
  /** From sample to ear through the relay, the buffer included. */
  readonly delayMsP50: number;
  readonly delayMsP99: number;
}

const LATE_US_MAX = 400;
const LATE_SHARE_MAX = 0.001;
const BUFFER_BYTES_MIN = 1 << 20;
const LOSS_MAX = 0.002;
const SPREAD_MS_MAX = 3;
const ROUND_TRIP_MS_MAX = 40;

/** Plain rules on what was seen, for the machine and, where a relay could be asked, for the way to it. */
export function diagnose(machine: MachineFacts, way: WayFacts | null): Finding[] {
  return [...ofThread(machine), ...ofSystem(machine), ...(way === null ? [] : ofWay(way))];
}

function ofThread({ pacing, udp }: MachineFacts): Finding[] {
  const isFifo = pacing.scheduling === 'fifo';
  const lateShare = pacing.periodsLate / pacing.periods;
  const isPaced = pacing.lateUsP99 <= LATE_US_MAX && lateShare <= LATE_SHARE_MAX;
  const seen = `Woken ${pacing.lateUsP50} µs late at the median, ${pacing.lateUsP99} µs in one of a hundred, and ${pacing.periodsLate} of ${pacing.periods} periods too late to play.`;
  return [
    {
      code: 'priority',
      isFine: isFifo,
      sentence: isFifo
        ? `Sound runs before all normal work (SCHED_FIFO), timers exact to ${pacing.timerSlackNs} ns.`
        : 'Sound runs at normal priority: allow more with "rtprio 70" for your user in /etc/security/limits.conf, or CAP_SYS_NICE. No other step helps as much.',
    },
    {
      code: 'pacing',
      isFine: isPaced,
      sentence: isPaced
        ? seen
        : `${seen} End what else runs here, or give the buffer a packet more${isFifo ? '; a virtual machine may not be able to do better' : ''}.`,
    },
    {
      code: 'system-calls',
      isFine: udp === 'mmsg',
      sentence:
        udp === 'mmsg'
          ? 'Datagrams go in batches, without an event loop between network and ear.'
          : 'Datagrams go one by one through the event loop: 64-bit Linux does it with half the work.',
    },
  ];
}

function ofSystem(machine: MachineFacts): Finding[] {
  const { receiveBufferBytesMax: buffer, isWireless, interfaceName, cpuGovernor } = machine;
  const findings: Finding[] = [];
  if (machine.soundCards !== null) {
    const labels = machine.soundCards.map((card) => card.label);
    findings.push({
      code: 'sound-card',
      isFine: labels.length > 0,
      sentence:
        labels.length > 0
          ? `Sound cards: ${labels.join(', ')}.`
          : 'The system shows no sound card: connect one and look at "aplay -l"; files can be played without.',
    });
  }
  if (buffer !== null)
    findings.push({
      code: 'udp-buffer',
      isFine: buffer >= BUFFER_BYTES_MIN,
      sentence:
        buffer >= BUFFER_BYTES_MIN
          ? `The kernel keeps up to ${buffer} bytes for a stalled player.`
          : `The kernel keeps only ${buffer} bytes for a stalled player: sysctl net.core.rmem_max=4194304.`,
    });
  if (isWireless !== null)
    findings.push({
      code: 'wireless',
      isFine: !isWireless,
      sentence: isWireless
        ? `${interfaceName} is Wi-Fi, which delays single datagrams by many milliseconds: use a network cable.`
        : `${interfaceName} is no Wi-Fi.`,
    });
  if (cpuGovernor !== null)
    findings.push({
      code: 'cpu-clock',
      isFine: cpuGovernor === 'performance',
      sentence:
        cpuGovernor === 'performance'
          ? "The processor's clock stays up."
          : `The processor's clock follows the load ("${cpuGovernor}"), so each wake-up begins slowly: cpupower frequency-set -g performance.`,
    });
  return findings;
}

function ofWay(way: WayFacts): Finding[] {
  const findings: Finding[] = [];
  const loss = way.lost / Math.max(1, way.packets);
  if (loss > LOSS_MAX)
    findings.push({
      code: 'way-loses',
      isFine: false,
      sentence: `${(100 * loss).toFixed(1)} % of the datagrams did not come in time through the relay: end other traffic on the line, prefer a cable, let copies follow the loss.`,
    });
  const spreadMs = way.delayMsP99 - way.delayMsP50;
  if (spreadMs > SPREAD_MS_MAX)
    findings.push({
      code: 'way-jitters',
      isFine: false,
      sentence: `One datagram in a hundred takes ${spreadMs.toFixed(1)} ms longer than the median: Wi-Fi, a full line or a busy machine.`,
    });
  if (way.roundTripMs > ROUND_TRIP_MS_MAX)
    findings.push({
      code: 'way-is-long',
      isFine: false,
      sentence: `The relay is ${way.roundTripMs.toFixed(1)} ms away and back: choose one closer to all players.`,
    });
  if (findings.length > 0) return findings;
  return [
    {
      code: 'way',
      isFine: true,
      sentence: `To yourself through the relay: ${way.delayMsP50.toFixed(1)} ms from sample to ear, ${way.roundTripMs.toFixed(1)} ms round trip, ${way.lost} of ${way.packets} datagrams not in time.`,
    },
  ];
}
