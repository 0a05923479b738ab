import { COOL_DOWN_CELSIUS, type HostRules } from './host-rules.ts';
import { minutesUntil, type WeekMinute } from './schedule.ts';

/** Whether the user is away, as far as this system tells. */
export type IdleReading =
  | { readonly known: true; readonly idleSeconds: number; readonly source: string }
  | { readonly known: false; readonly why: string };

/** A graphics card as the system describes it; `null` where it does not tell. */
export interface GpuReading {
  /** E.g. `gpu0`, in the order of the system. */
  readonly id: string;
  readonly name: string;
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
  /** 0 … 100. */
  readonly busyPercent: number | null;
}

export interface MachineReading {
  readonly weekMinute: WeekMinute;
  readonly idle: IdleReading;
  readonly gpus: readonly GpuReading[];
}

export type PauseCode =
  | 'paused-by-owner'
  | 'outside-schedule'
  | 'in-use'
  | 'idle-unknown'
  | 'devices-off'
  | 'gpu-hot'
  | 'gpu-temperature-unknown'
  | 'gpu-power'
  | 'gpu-power-unknown'
  | 'bandwidth';

/** Reasons for which running tasks are ended rather than finished: somebody wants the machine, or it suffers. */
export const STOPS_AT_ONCE: ReadonlySet<PauseCode> = new Set([
  'in-use',
  'gpu-hot',
  'gpu-power',
  'devices-off',
]);

/** Why a node does not work now, in words for its owner. */
export interface PauseReason {
  readonly code: PauseCode;
  readonly sentence: string;
}

/** The device that today's kernels run on. */
export const CPU_DEVICE = 'cpu';

/**
 * Every reason for which the rules forbid work now; none: work. A rule that cannot be judged on this machine forbids too and
 * says so, for an owner who set it relies on it. `before`: the codes that held a moment ago.
 */
export function judgeRules(
  rules: HostRules,
  reading: MachineReading,
  before: ReadonlySet<PauseCode>,
): PauseReason[] {
  return [
    ...scheduleReasons(rules, reading),
    ...idleReasons(rules, reading),
    ...(rules.devicesOff.includes(CPU_DEVICE)
      ? [reason('devices-off', 'The processor is switched off, and this build computes on it alone.')]
      : []),
    ...heatReasons(rules, reading, before.has('gpu-hot')),
    ...powerReasons(rules, reading),
  ];
}

function scheduleReasons({ schedule }: HostRules, { weekMinute }: MachineReading): PauseReason[] {
  const minutes = schedule === null ? 0 : minutesUntil(schedule, weekMinute);
  if (minutes === 0) return [];
  const again = minutes === null ? '' : ` Works again in ${Math.floor(minutes / 60)} h ${minutes % 60} min.`;
  return [reason('outside-schedule', `Outside the hours of the schedule.${again}`)];
}

function idleReasons({ idleMinutes }: HostRules, { idle }: MachineReading): PauseReason[] {
  if (idleMinutes === null) return [];
  if (!idle.known)
    return [reason('idle-unknown', `Whether somebody uses this machine is unknown: ${idle.why}`)];
  if (idle.idleSeconds >= 60 * idleMinutes) return [];
  const ago = Math.round(idle.idleSeconds);
  return [
    reason('in-use', `Somebody used this machine ${ago} s ago (${idle.source}); idle is ${idleMinutes} min.`),
  ];
}

function heatReasons(rules: HostRules, reading: MachineReading, wasHot: boolean): PauseReason[] {
  const most = rules.gpuTemperatureCelsiusMax;
  if (most === null) return [];
  const ceiling = wasHot ? most - COOL_DOWN_CELSIUS : most;
  return watched(rules, reading).flatMap(({ id, name, temperatureCelsius: heat }) => {
    if (heat === null)
      return [
        reason(
          'gpu-temperature-unknown',
          `${name} (${id}) does not tell its temperature, and a ceiling is set.`,
        ),
      ];
    return heat > ceiling
      ? [reason('gpu-hot', `${name} (${id}) is at ${heat} °C, ceiling ${ceiling} °C.`)]
      : [];
  });
}

function powerReasons(rules: HostRules, reading: MachineReading): PauseReason[] {
  const most = rules.gpuPowerWattsMax;
  if (most === null) return [];
  return watched(rules, reading).flatMap(({ id, name, powerWatts }) => {
    if (powerWatts === null)
      return [reason('gpu-power-unknown', `${name} (${id}) does not tell its power, and a ceiling is set.`)];
    return powerWatts > most
      ? [reason('gpu-power', `${name} (${id}) draws ${powerWatts.toFixed(0)} W, ceiling ${most} W.`)]
      : [];
  });
}

/** A card that is switched off is nobody's business here. */
function watched(rules: HostRules, { gpus }: MachineReading): readonly GpuReading[] {
  return gpus.filter(({ id }) => !rules.devicesOff.includes(id));
}

function reason(code: PauseCode, sentence: string): PauseReason {
  return { code, sentence };
}
