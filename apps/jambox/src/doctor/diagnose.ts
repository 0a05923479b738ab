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
  | 'relay-silent'
  | 'way';

/** One thing looked at. */
export interface Finding {
  readonly code: FindingCode;
  readonly isFine: boolean;
  /** What was seen, and where it is not fine what to change. */
  readonly sentence: string;
}

/** A relay that was asked; `null`: no answer came. */
export interface RelayFacts {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly roundTripMs: number | null;
}

/** What the relays' answers and playing to oneself through the nearest of them showed. */
export interface WayFacts {
  readonly relays: readonly RelayFacts[];
  readonly packets: number;
  /** Own datagram did not come in time. */
  readonly lost: number;
  /** How much longer than the median one datagram in a hundred took, ms; `null` where nothing told it. */
  readonly spreadMs: number | null;
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
  const faults = [...ofRelays(way), ...ofDatagrams(way)];
  if (faults.length > 0) return faults;
  const nearest = nearestOf(way);
  return [
    {
      code: 'way',
      isFine: true,
      sentence: `${relaysText(way)} To yourself through ${nearest?.id ?? 'it'}: ${way.lost} of ${way.packets} datagrams not in time${way.spreadMs === null ? '' : `, one in a hundred ${way.spreadMs.toFixed(1)} ms later than the median`}.`,
    },
  ];
}

function ofRelays(way: WayFacts): Finding[] {
  const findings = way.relays
    .filter((relay) => relay.roundTripMs === null)
    .map(
      ({ id, host, port }): Finding => ({
        code: 'relay-silent',
        isFine: false,
        sentence: `Relay ${id} does not answer: does it run, and does a firewall let UDP to ${host}:${port} out and its answers in?`,
      }),
    );
  const tripMs = nearestOf(way)?.roundTripMs ?? 0;
  if (tripMs > ROUND_TRIP_MS_MAX)
    findings.push({
      code: 'way-is-long',
      isFine: false,
      sentence: `${relaysText(way)} The nearest is far: run one closer to all players.`,
    });
  return findings;
}

function ofDatagrams(way: WayFacts): Finding[] {
  const findings: Finding[] = [];
  const loss = way.lost / Math.max(1, way.packets);
  if (loss > LOSS_MAX)
    findings.push({
      code: 'way-loses',
      isFine: false,
      sentence: `${(100 * loss).toFixed(1)} % of the datagrams did not come in time through the relay: end other traffic on the line, prefer a cable, let copies follow the loss.`,
    });
  if (way.spreadMs !== null && way.spreadMs > SPREAD_MS_MAX)
    findings.push({
      code: 'way-jitters',
      isFine: false,
      sentence: `One datagram in a hundred takes ${way.spreadMs.toFixed(1)} ms longer than the median: Wi-Fi, a full line or a busy machine.`,
    });
  return findings;
}

function nearestOf({ relays }: WayFacts): RelayFacts | undefined {
  return relays
    .filter((relay) => relay.roundTripMs !== null)
    .toSorted((a, b) => (a.roundTripMs ?? 0) - (b.roundTripMs ?? 0))[0];
}

function relaysText({ relays }: WayFacts): string {
  const each = relays.map(({ id, roundTripMs }) =>
    roundTripMs === null ? `${id} silent` : `${id} ${roundTripMs.toFixed(1)} ms`,
  );
  return `There and back to ${relays.length === 1 ? 'the relay' : 'the relays'}: ${each.join(', ')}.`;
}
