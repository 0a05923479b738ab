import type { Farm, NodeStatus } from '@jamnet/jamnode';
import { expect, test } from 'vitest';
import { earningsOf } from './earnings.ts';
import { nodeServiceUnit } from './node-service-unit.ts';
import { eventText, farmLines, statusLines } from './node-text.ts';
import { NodeView } from './node-view.ts';

const STATUS: NodeStatus = {
  state: 'working',
  why: [],
  reasons: [],
  node: 'n1',
  url: 'ws://127.0.0.1:1/mesh',
  device: 'CPU',
  upSeconds: 3725,
  slots: 2,
  running: [{ slot: 0, kind: 'take.repair', seconds: 1.25 }],
  utilisationPercent: 50,
  tasks: { sent: 10, dropped: 1, accepted: 8, refused: 1 },
  workUnits: { accepted: '80', released: '40' },
  lastVerdict: 'Released: 5 work units.',
  energy: { source: 'stated', watts: 200, kilowattHours: 0.5 },
};
const FARM: Farm = {
  ownerGroup: 'our-house',
  payee: `p${'1'.repeat(32)}`,
  computeMicroJam: '3000000',
  centsPerJam: '50',
  nodes: [
    {
      node: 'n1',
      name: 'attic',
      state: 'connected',
      device: 'CPU',
      slots: 2,
      running: 1,
      heldUnits: '4',
      releasedUnits: '60',
      forfeitedUnits: '0',
      idle: null,
      notice: null,
      lastRefusal: 'Task 12 refused because chunk 5 agreed to 41 dB, needs 110.',
    },
  ],
};

test('earnings per kWh follow from what was released, drawn and paid before', () => {
  expect(earningsOf(STATUS, FARM, 0.3)).toEqual({
    unitsPerKilowattHour: 80,
    powerCost: 0.15,
    microJamPerUnit: 50_000,
    jamPerKilowattHour: 4,
    centsPerKilowattHour: 200,
  });
});

test('what is not known is null, not zero', () => {
  const dark = { ...STATUS, energy: { source: null, watts: null, kilowattHours: null } };
  expect(Object.values(earningsOf(dark, null, 0.3))).toEqual([null, null, null, null, null]);
  const justBegun = { ...STATUS, energy: { source: 'gpu', watts: 10, kilowattHours: 0 } } as const;
  expect(earningsOf(justBegun, FARM, null).unitsPerKilowattHour).toBe(null);
  expect(earningsOf(STATUS, { ...FARM, nodes: [] }, null).microJamPerUnit).toBe(null);
});

test('the status says what runs, what was earned and what the power cost', () => {
  const text = statusLines(STATUS, earningsOf(STATUS, FARM, 0.3)).join('\n');
  for (const part of [
    'working',
    'up 1 h 2 min',
    '1 of 2 slots',
    'slot 1: take.repair',
    '80.0 work units per kWh',
  ])
    expect(text).toContain(part);
});

test('a paused node says why, and power that nobody knows is said to be unknown', () => {
  const paused = {
    ...STATUS,
    state: 'paused',
    why: ['Somebody used this machine 3 s ago (xprintidle); idle is 5 min.'],
    energy: { source: null, watts: null, kilowattHours: null },
  } as const;
  const text = statusLines(paused, null).join('\n');
  expect(text).toContain('why: Somebody used this machine 3 s ago');
  expect(text).toContain('not known here');
});

test('a farm lists each machine with the sentence against it', () => {
  expect(farmLines(FARM).join('\n')).toMatch(
    /1 machine.*3\.000000 JAM[\s\S]*attic[\s\S]*1\/2[\s\S]*60 released[\s\S]*41 dB/,
  );
});

test('a pause is told with its code', () => {
  const reasons = [{ code: 'in-use', sentence: 'In use.' }] as const;
  expect(eventText({ type: 'paused', reasons })).toBe('paused: In use. [in-use]\n');
});

test('a terminal sees the status below the events; a pipe sees events only', () => {
  const screen = { isTTY: true, columns: 10, text: '', write: (text: string) => (screen.text += text) };
  const view = new NodeView(screen);
  view.show(['first line of many', 'second']);
  view.tell('event\n');
  expect(screen.text).toBe('first lin\nsecond\n\u001b[2A\u001b[Jevent\nfirst lin\nsecond\n');
  const pipe = { text: '', write: (text: string) => (pipe.text += text) };
  const piped = new NodeView(pipe);
  piped.show(['status']);
  piped.tell('event\n');
  expect(pipe.text).toBe('event\n');
});

test('a unit runs the same words as its user, is given time to send, and is not started again after a drain', () => {
  const unit = nodeServiceUnit('/opt/jamnet/main.ts', ['node', '--name', 'my attic'], 'ada');
  expect(unit).toContain(' /opt/jamnet/main.ts node --name "my attic"\n');
  for (const line of ['User=ada', 'Restart=on-failure', 'TimeoutStopSec=120', 'CPUSchedulingPolicy=idle'])
    expect(unit.split('\n')).toContain(line);
});
