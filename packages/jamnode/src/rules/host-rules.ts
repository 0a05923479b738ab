import { ok, type Result, refuse } from '@jamnet/base';
import { readSchedule, type Schedule } from './schedule.ts';

/** When and how hard an owner lets the machine work. A rule that is `null` does not apply. */
export interface HostRules {
  /** As written, one span a line. */
  readonly scheduleLines: readonly string[];
  /** What the lines mean; `null`: always. */
  readonly schedule: Schedule | null;
  /** Works only when nobody has touched keyboard or mouse for so long. */
  readonly idleMinutes: number | null;
  /** Devices switched off, by their id as `jamnet node devices` lists them. */
  readonly devicesOff: readonly string[];
  /** The hottest card that still works, °C; it must cool by {@link COOL_DOWN_CELSIUS} before work goes on. */
  readonly gpuTemperatureCelsiusMax: number | null;
  /** Most that any one card may draw, W. */
  readonly gpuPowerWattsMax: number | null;
  /** Most that tasks and results may bring over the network, both ways, on average; Mbit/s. */
  readonly bandwidthMbitPerSecondMax: number | null;
}

/** Below the ceiling by so much, a card that was too hot works again: else it would go on and off at every reading. */
export const COOL_DOWN_CELSIUS = 5;
const SCHEDULE_LINES_MAX = 32;
const DEVICES_OFF_MAX = 64;

export const NO_RULES: HostRules = {
  scheduleLines: [],
  schedule: null,
  idleMinutes: null,
  devicesOff: [],
  gpuTemperatureCelsiusMax: null,
  gpuPowerWattsMax: null,
  bandwidthMbitPerSecondMax: null,
};

/** Names in the file, with the range of each number; also the options of `jamnet node rules`. */
export const RULE_RANGES = {
  idleMinutes: [0, 1440],
  gpuTemperatureCelsiusMax: [30, 110],
  gpuPowerWattsMax: [1, 2000],
  bandwidthMbitPerSecondMax: [0.01, 100_000],
} as const;

type NumberRule = keyof typeof RULE_RANGES;
const NAMES: readonly string[] = ['schedule', 'devicesOff', ...Object.keys(RULE_RANGES)];

export type RulesCode = 'rules-not-json' | 'rules-malformed';

/** Reads a rule file; every issue is told at once, and a name that is not known is an issue: a rule with a slip in it must not be lost. */
export function parseHostRules(text: string): Result<HostRules, RulesCode> {
  const value = jsonObject(text);
  if (value === null) return refuse('rules-not-json', 'A rule file is one JSON object.');
  const issues: string[] = Object.keys(value)
    .filter((name) => !NAMES.includes(name))
    .map((name) => `"${name.slice(0, 40)}" is no rule: there are ${NAMES.join(', ')}.`);
  const scheduleLines = textsOf(value, 'schedule', SCHEDULE_LINES_MAX, issues);
  const read = scheduleLines.map(readSchedule);
  for (const line of read) if (!line.ok) issues.push(line.message);
  const devicesOff = textsOf(value, 'devicesOff', DEVICES_OFF_MAX, issues);
  const number = (name: NumberRule) => numberOf(value, name, issues);
  const rules: HostRules = {
    scheduleLines,
    schedule: scheduleLines.length === 0 ? null : read.flatMap((line) => (line.ok ? line.value : [])),
    devicesOff,
    idleMinutes: number('idleMinutes'),
    gpuTemperatureCelsiusMax: number('gpuTemperatureCelsiusMax'),
    gpuPowerWattsMax: number('gpuPowerWattsMax'),
    bandwidthMbitPerSecondMax: number('bandwidthMbitPerSecondMax'),
  };
  return issues.length === 0 ? ok(rules) : refuse('rules-malformed', issues.join(' '));
}

/** The file's text of some rules; {@link parseHostRules} reads the same back. */
export function formatHostRules(rules: HostRules): string {
  const { scheduleLines, schedule: _, ...rest } = rules;
  return `${JSON.stringify({ schedule: scheduleLines, ...rest }, null, 2)}\n`;
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>) // An object of JSON has text keys.
      : null;
  } catch {
    return null;
  }
}

function textsOf(value: Record<string, unknown>, name: string, countMax: number, issues: string[]): string[] {
  const given = value[name] ?? [];
  const texts = Array.isArray(given) ? given.filter((each) => typeof each === 'string') : [];
  if (!Array.isArray(given) || texts.length !== given.length || texts.length > countMax) {
    issues.push(`"${name}" is a list of at most ${countMax} texts.`);
    return [];
  }
  return texts;
}

function numberOf(value: Record<string, unknown>, name: NumberRule, issues: string[]): number | null {
  const given = value[name] ?? null;
  const [least, most] = RULE_RANGES[name];
  if (given === null) return null;
  if (typeof given === 'number' && given >= least && given <= most) return given;
  issues.push(`"${name}" is a number from ${least} to ${most}, or null.`);
  return null;
}
