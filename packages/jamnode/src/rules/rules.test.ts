import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BandwidthBudget } from './bandwidth-budget.ts';
import { formatHostRules, NO_RULES, parseHostRules, RULE_RANGES } from './host-rules.ts';
import { judgeRules, type MachineReading, type PauseCode } from './judge-rules.ts';
import { isWithin, minutesUntil, readSchedule, weekMinuteOf } from './schedule.ts';

const DAY = 1440;
const AT_REST: MachineReading = {
  weekMinute: 0,
  idle: { known: true, idleSeconds: 3600, source: 'test' },
  gpus: [],
};
const CARD = { id: 'gpu0', name: 'Card', temperatureCelsius: 60, powerWatts: 100, busyPercent: 0 };

function rulesOf(value: object) {
  const rules = parseHostRules(JSON.stringify(value));
  if (!rules.ok) throw new Error(rules.message);
  return rules.value;
}

function codes(rules: object, reading: Partial<MachineReading>, before: PauseCode[] = []): PauseCode[] {
  return judgeRules(rulesOf(rules), { ...AT_REST, ...reading }, new Set(before)).map(({ code }) => code);
}

test.each([
  ['sat-sun', 5 * DAY, true],
  ['sat-sun', 5 * DAY - 1, false],
  ['mon-fri 18:00-08:00', 18 * 60, true],
  ['mon-fri 18:00-08:00', DAY + 7 * 60 + 59, true],
  ['mon-fri 18:00-08:00', DAY + 8 * 60, false],
  // Friday night ends on Saturday morning, Sunday night on Monday.
  ['mon-fri 18:00-08:00', 5 * DAY + 60, true],
  ['sun 23:00-01:00', 30, true],
  ['sun 23:00-01:00', 60, false],
  // Days that go round the end of the week.
  ['sat-mon 10:00-12:00', 11 * 60, true],
  ['sat-mon 10:00-12:00', DAY + 11 * 60, false],
  ['wed 00:00-00:00', 2 * DAY + 1439, true],
])('"%s" at minute %i of the week: %s', (line, minute, works) => {
  const schedule = readSchedule(line);
  expect(schedule.ok && isWithin(schedule.value, minute)).toBe(works);
});

test.each(['', 'someday', 'mon-', 'mon 24:00-01:00', 'mon 10:60-11:00', 'mon 10-11', 'mon 10:00-11:00 x'])(
  'no schedule: "%s"',
  (line) => {
    expect(readSchedule(line)).toMatchObject({ ok: false, code: 'schedule-malformed' });
  },
);

test('the wait that a schedule names ends inside it, and not a minute earlier', () => {
  const line = fc.tuple(fc.constantFrom('mon', 'wed-fri', 'sat-tue'), fc.nat(23), fc.nat(23));
  fc.assert(
    fc.property(line, fc.nat(7 * DAY - 1), ([days, from, to], at) => {
      const two = (hour: number) => String(hour).padStart(2, '0');
      const schedule = readSchedule(`${days} ${two(from)}:00-${two(to)}:30`);
      if (!schedule.ok) throw new Error(schedule.message);
      const wait = minutesUntil(schedule.value, at) ?? -1;
      expect(isWithin(schedule.value, (at + wait) % (7 * DAY))).toBe(true);
      if (wait > 0) expect(isWithin(schedule.value, (at + wait - 1) % (7 * DAY))).toBe(false);
    }),
  );
});

test('the week begins on Monday by the clock of the machine', () => {
  expect(weekMinuteOf(new Date(2026, 10, 23, 0, 0))).toBe(0);
  expect(weekMinuteOf(new Date(2026, 10, 22, 23, 59))).toBe(7 * DAY - 1);
});

test('rules read back as they were written', () => {
  const rules = rulesOf({
    schedule: ['sat-sun'],
    idleMinutes: 5,
    devicesOff: ['gpu1'],
    gpuPowerWattsMax: 200,
  });
  expect(parseHostRules(formatHostRules(rules))).toEqual({ ok: true, value: rules });
  expect(rulesOf({})).toEqual(NO_RULES);
});

test.each([
  ['rules-not-json', '{'],
  ['rules-not-json', '[]'],
  ['rules-malformed', '{"idleMinute":5}'],
  ['rules-malformed', '{"schedule":"sat"}'],
  ['rules-malformed', `{"schedule":${JSON.stringify(Array(33).fill('sat'))}}`],
  ['rules-malformed', `{"devicesOff":${JSON.stringify(Array(65).fill('gpu0'))}}`],
  ['rules-malformed', '{"devicesOff":[1]}'],
  ...Object.entries(RULE_RANGES).flatMap(([name, [least, most]]) => [
    ['rules-malformed', JSON.stringify({ [name]: least - 0.01 })],
    ['rules-malformed', JSON.stringify({ [name]: most + 0.01 })],
    ['rules-malformed', JSON.stringify({ [name]: '1' })],
  ]),
])('refuses with %s: %s', (code, text) => {
  expect(parseHostRules(text)).toMatchObject({ ok: false, code });
});

test('all that is wrong with a rule file is told at once', () => {
  const rules = parseHostRules('{"schedule":["never"],"idleMinutes":-1,"heat":1}');
  expect(rules).toMatchObject({ ok: false, code: 'rules-malformed' });
  for (const part of ['"never"', '"idleMinutes"', '"heat"'])
    expect(rules.ok ? '' : rules.message).toContain(part);
});

test.each<[string, PauseCode[], object, Partial<MachineReading>]>([
  ['no rules', [], {}, {}],
  ['the wrong hour', ['outside-schedule'], { schedule: ['tue'] }, {}],
  ['a user', ['in-use'], { idleMinutes: 5 }, { idle: { known: true, idleSeconds: 299, source: 't' } }],
  ['no user', [], { idleMinutes: 5 }, { idle: { known: true, idleSeconds: 300, source: 't' } }],
  ['a system that does not tell', ['idle-unknown'], { idleMinutes: 5 }, { idle: { known: false, why: 'w' } }],
  ['that system without the rule', [], {}, { idle: { known: false, why: 'w' } }],
  ['a processor switched off', ['devices-off'], { devicesOff: ['cpu'] }, {}],
  ['a card at its ceiling', [], { gpuTemperatureCelsiusMax: 60 }, { gpus: [CARD] }],
  ['a card above it', ['gpu-hot'], { gpuTemperatureCelsiusMax: 59 }, { gpus: [CARD] }],
  [
    'a hot card that is switched off',
    [],
    { gpuTemperatureCelsiusMax: 59, devicesOff: ['gpu0'] },
    { gpus: [CARD] },
  ],
  [
    'a card without a thermometer',
    ['gpu-temperature-unknown'],
    { gpuTemperatureCelsiusMax: 59 },
    { gpus: [{ ...CARD, temperatureCelsius: null }] },
  ],
  ['no card at all', [], { gpuTemperatureCelsiusMax: 59, gpuPowerWattsMax: 1 }, {}],
  ['too much power', ['gpu-power'], { gpuPowerWattsMax: 99 }, { gpus: [CARD] }],
  [
    'a card without a meter',
    ['gpu-power-unknown'],
    { gpuPowerWattsMax: 99 },
    { gpus: [{ ...CARD, powerWatts: null }] },
  ],
  ['two reasons', ['outside-schedule', 'devices-off'], { schedule: ['tue'], devicesOff: ['cpu'] }, {}],
])('%s: %j', (_, expected, rules, reading) => {
  expect(codes(rules, reading)).toEqual(expected);
});

test('a card that was too hot rests until it is five degrees below its ceiling', () => {
  const rules = { gpuTemperatureCelsiusMax: 64 };
  expect(codes(rules, { gpus: [CARD] }, ['gpu-hot'])).toEqual(['gpu-hot']);
  expect(codes(rules, { gpus: [{ ...CARD, temperatureCelsius: 59 }] }, ['gpu-hot'])).toEqual([]);
});

test('a bandwidth budget keeps the average at its cap, whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 50 }),
      (pieces) => {
        const budget = new BandwidthBudget();
        budget.limit(8, 0); // 1 MB/s
        let nowMs = 0;
        let before = 0;
        for (const bytes of pieces) {
          nowMs += budget.waitMs(nowMs);
          // What went by until now fits the cap and the burst of ten seconds, but for the last piece.
          expect(before).toBeLessThanOrEqual(1000 * nowMs + 10_000_000);
          budget.charge(bytes, nowMs);
          before += bytes;
        }
        expect(new BandwidthBudget().waitMs(0)).toBe(0);
      },
    ),
  );
});
