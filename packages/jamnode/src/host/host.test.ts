import { expect, test } from 'vitest';
import type { NodeEvent } from '../client/events.ts';
import { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import { type HostRules, NO_RULES } from '../rules/host-rules.ts';
import type { GpuReading, MachineReading } from '../rules/judge-rules.ts';
import { EnergyAccount } from './energy-account.ts';
import { HostGovernor } from './host-governor.ts';
import { WorkGate } from './work-gate.ts';

function card(powerWatts: number | null, temperatureCelsius = 40): GpuReading {
  return { id: 'gpu0', name: 'Card', temperatureCelsius, powerWatts, busyPercent: null };
}

function govern(rules: Partial<HostRules> = {}) {
  const gate = new WorkGate();
  const budget = new BandwidthBudget();
  const events: NodeEvent[] = [];
  const world = {
    nowMs: 0,
    reading: { weekMinute: 0, idle: { known: false, why: 'test' }, gpus: [] } as MachineReading,
  };
  const governor = new HostGovernor(
    { ...NO_RULES, ...rules },
    {
      gate,
      budget,
      energy: new EnergyAccount(null),
      readMachine: async () => world.reading,
      nowMs: () => world.nowMs,
      onEvent: (event) => events.push(event),
    },
  );
  return { gate, budget, events, world, governor };
}

test('an owner pauses and resumes, and is told once', async () => {
  const { gate, events, governor } = govern();
  governor.pause();
  await governor.look();
  expect(gate.reasons.map(({ code }) => code)).toEqual(['paused-by-owner']);
  governor.resume();
  await governor.look();
  expect(gate.isOpen).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(['paused', 'resumed']);
});

test('rules given to a running node hold at once, and a resume does not overrule them', async () => {
  const { gate, governor } = govern();
  await governor.look();
  governor.obey({ ...NO_RULES, devicesOff: ['cpu'] });
  governor.resume();
  expect(gate.reasons.map(({ code }) => code)).toEqual(['devices-off']);
});

test('a hot card stays at rest between its ceiling and five degrees below', async () => {
  const { gate, world, governor } = govern({ gpuTemperatureCelsiusMax: 70 });
  const seen: boolean[] = [];
  for (const heat of [70, 71, 69, 66, 65, 70]) {
    world.reading = { ...world.reading, gpus: [card(null, heat)] };
    await governor.look();
    seen.push(gate.isOpen);
  }
  expect(seen).toEqual([true, false, false, false, true, true]);
});

test('a debt of bandwidth closes the gate until it is paid', async () => {
  const { gate, budget, world, governor } = govern({ bandwidthMbitPerSecondMax: 8 });
  budget.charge(12_000_000, world.nowMs);
  await governor.look();
  expect(gate.reasons.map(({ code }) => code)).toEqual(['bandwidth']);
  world.nowMs = 2_000;
  await governor.look();
  expect(gate.isOpen).toBe(true);
});

test('energy is what the cards drew between readings; a night asleep is not counted', () => {
  const energy = new EnergyAccount(null);
  expect([energy.source, energy.kilowattHours]).toEqual([null, null]);
  energy.sample([card(360), { ...card(40), id: 'gpu1' }, card(null)], 0);
  for (let nowMs = 5_000; nowMs <= 3_600_000; nowMs += 5_000) energy.sample([card(400)], nowMs);
  expect(energy.kilowattHours).toBeCloseTo(0.4, 9);
  energy.sample([card(400)], 36_000_000);
  expect(energy.kilowattHours).toBeCloseTo(0.4 + (400 * 60) / 3.6e6, 9);
});

test("the owner's own figure at the wall goes before what cards tell", () => {
  const energy = new EnergyAccount(100);
  energy.sample([card(400)], 0);
  energy.sample([card(400)], 36_000);
  expect([energy.source, energy.watts, energy.kilowattHours]).toEqual(['stated', 100, 0.001]);
});
