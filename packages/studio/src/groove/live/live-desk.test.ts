import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present, seededChance } from '@jamnet/base';
import { type Bar, commitment, commitmentStatement, revealStatement } from '@jamnet/groove';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { newContribution } from '../../contributions/new-contribution.ts';
import type { LiveDesk } from './live-desk.ts';
import { OPENED_PER_DAY_MAX, PERFORMANCE_BARS_MAX, PERFORMANCES_OPEN_MAX } from './live-types.ts';
import {
  announcement,
  DAY_US,
  drawn,
  EMPTY_FORECAST,
  keyOf,
  moveTo,
  nodeIdOf,
  openSmallDesk,
  play,
  playFrom,
  SALT,
  type SmallDesk,
  signed,
  start,
} from './testing/small-desk.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(hosts: readonly string[] = ['north', 'south']): Promise<[SmallDesk, LiveDesk]> {
  const small = await openSmallDesk(hosts);
  closing.push(small.close);
  return [small, await small.open()];
}

/** Kick and hat, played anew for each seed. */
function barsOf(seed: string, count: number): Bar[] {
  const chance = seededChance(seed);
  return Array.from({ length: count }, (_, index) => ({
    index,
    hits: [0, 32, 4, 36, 8, 40, 12, 44].map((cell) => ({
      cell,
      offsetUs: chance.below(60_000) - 30_000,
      velocity: 40 + chance.below(80),
    })),
  }));
}

const BARS = barsOf('one', 6);
const FIRST = present(BARS[0], 'bar 0');

describe('announcing a performance', () => {
  test.each([
    ['a key of another length', { performerKey: 'ab' }],
    ['no bars', { bars: 0 }],
    ['more bars than a performance has', { bars: PERFORMANCE_BARS_MAX + 1 }],
    ['a score of fewer bars', { announced: [] }],
    ['a score that is not in order', { announced: BARS.map(() => [4, 4]) }],
    ['a cell that does not exist', { announced: BARS.map(() => [144]) }],
    ['a tempo that nobody plays', { piece: { tempoMap: [{ beat: 0, usPerBeat: 1 }], firstBarOffsetUs: 0 } }],
  ])('%s is refused', async (_name, change) => {
    const [, desk] = await opened();
    const answer = await desk.announce('band', { ...announcement(BARS), ...change });
    expect(answer).toMatchObject({ ok: false, code: 'announcement-malformed' });
    expect(await desk.views()).toEqual([]);
  });

  test('a performer has one performance open at a time', async () => {
    const [, desk] = await opened();
    expect(await desk.announce('band', announcement(BARS))).toMatchObject({ ok: true });
    expect(await desk.announce('band', announcement(BARS))).toMatchObject({ code: 'performance-waiting' });
    expect(await desk.announce('other', announcement(BARS))).toMatchObject({ ok: true });
  });

  test('many at the same moment are taken one after the other', async () => {
    const [, desk] = await opened();
    const rooms = ['attic', 'cellar', 'hall'];
    const answers = await Promise.all(
      rooms.map((room) => desk.announce('band', { ...announcement(BARS), room })),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(await desk.views()).toHaveLength(1);
  });

  test('whoever opens one after the other to be drawn anew has to wait for tomorrow', async () => {
    const [small, desk] = await opened();
    for (let i = 0; i < OPENED_PER_DAY_MAX; i++) await play(small, desk, 'band', [FIRST]);
    expect(await desk.announce('band', announcement(BARS))).toMatchObject({ code: 'too-many-today' });
    small.world.nowUs += DAY_US;
    expect(await desk.announce('band', announcement(BARS))).toMatchObject({ ok: true });
  });

  test('no more than so many are open at once', async () => {
    const [, desk] = await opened();
    for (let i = 0; i < PERFORMANCES_OPEN_MAX; i++) await desk.announce(`band ${i}`, announcement(BARS));
    expect(await desk.announce('late', announcement(BARS))).toMatchObject({ code: 'too-many-open' });
    expect(await desk.views()).toHaveLength(PERFORMANCES_OPEN_MAX);
  });
});

describe('starting a performance', () => {
  test('waits for its hosts, and is signed for the moment that the performer names', async () => {
    const [small, desk] = await opened();
    expect(await start(small, desk, 'unknown')).toMatchObject({ answer: { code: 'performance-unknown' } });
    const waiting = await desk.announce('other', announcement(BARS));
    const other = waiting.ok ? waiting.value.performance : '';
    expect(await start(small, desk, other)).toMatchObject({ answer: { code: 'not-drawn' } });
    const id = await drawn(desk, 'band', BARS);
    for (const aheadUs of [-1, 100_000, 700_000_000])
      expect(await start(small, desk, id, aheadUs)).toMatchObject({ answer: { code: 'start-malformed' } });
    const forged = await desk.start(id, Number(small.world.nowUs) + 2_000_000, new Uint8Array(64));
    expect(forged).toMatchObject({ code: 'start-forged' });
    expect(await desk.view(id)).toMatchObject({ value: { state: 'drawn', hosts: null } });
    expect(await start(small, desk, id)).toMatchObject({ answer: { ok: true, value: { state: 'playing' } } });
  });

  test('happens once, however often its start is sent at the same moment', async () => {
    const [small, desk] = await opened();
    const id = await drawn(desk, 'band', BARS);
    const starts = await Promise.all([start(small, desk, id), start(small, desk, id)]);
    expect(starts.map(({ answer }) => answer)).toMatchObject([{ ok: true }, { code: 'not-drawn' }]);
  });

  test('who is not there when it starts is left out, and with nobody there nothing is played', async () => {
    const [small, desk] = await opened(['north']);
    const id = await drawn(desk, 'band', BARS);
    small.world.connected.clear();
    const { answer } = await start(small, desk, id);
    expect(answer).toMatchObject({ value: { state: 'over', code: 'no-hosts' } });
  });

  test('a host without a session to spare is left out and charged nothing', async () => {
    const [small, desk] = await opened();
    const id = await drawn(desk, 'band', BARS);
    small.world.full.add('south');
    await playFrom(small, desk, await start(small, desk, id), BARS);
    const nodes = (await small.store.performance(id))?.outcome;
    expect(nodes).toMatchObject({ settled: [{ ownerGroup: 'north', nodes: [nodeIdOf('north')] }] });
    expect(small.world.failures).toEqual([]);
  });

  test('a round that cannot be begun ends as interrupted, and the performer may announce another', async () => {
    const [small, desk] = await opened();
    const id = await drawn(desk, 'band', BARS);
    small.world.linkFails = true;
    expect(await start(small, desk, id)).toMatchObject({ answer: { value: { code: 'interrupted' } } });
    expect(small.world.failures).toHaveLength(1);
    expect(small.world.links.size).toBe(0);
    small.world.nowUs += 1n;
    expect(await desk.announce('band', announcement(BARS))).toMatchObject({ ok: true });
  });

  test('what nobody starts is given up after an hour', async () => {
    const [small, desk] = await opened();
    const id = await drawn(desk, 'band', BARS);
    small.world.nowUs += 3_600_000_001n;
    await desk.look();
    expect(await desk.view(id)).toMatchObject({ value: { state: 'over', code: 'not-started' } });
  });
});

describe('hosts', () => {
  test('are drawn once what is drawn stands in the log, and never for a performance of their own group', async () => {
    const [small, desk] = await opened(['north', 'south', 'band']);
    const id = await drawn(desk, 'band', BARS);
    await start(small, desk, id);
    const { draw } = present(await small.store.performance(id), 'performance');
    expect(draw?.hosts.map(({ ownerGroup }) => ownerGroup).sort()).toEqual(['north', 'south']);
    const leaves = await small.ledger.entries(0n, 10);
    const kinds = leaves.map(({ leaf }) => (leaf.type === 'record' ? leaf.kind : leaf.type));
    expect(kinds).toEqual(['groove-chain', 'groove-draw-fixed', 'groove-draw-opened']);
  });

  test('a studio that stops in between goes on with the next link of its chain', async () => {
    const [small, desk] = await opened();
    await play(small, desk, 'band', [FIRST]);
    await desk.close();
    const again = await small.open();
    const id = await drawn(again, 'band', BARS);
    const { draw } = present(await small.store.performance(id), 'performance');
    expect(draw?.hosts).toHaveLength(2);
    expect((await small.store.chain())?.published).toBe(2n);
  });

  test('who lost its connection hears everything again, and commits to the bar under way', async () => {
    const [small, desk] = await opened(['north']);
    const { id, startsAtUs, hash } = await start(small, desk, await drawn(desk, 'band', BARS));
    for (const bar of [0, 1]) moveTo(small, desk, startsAtUs, bar);
    small.world.links.get('north')?.onLost();
    expect(desk.bar(id, signed(id, hash, FIRST).bar)).toMatchObject({ ok: true });
    expect(await desk.view(id)).toMatchObject({ value: { asked: { bar: 2, commitments: 0 } } });
    const told = present(small.world.told.get(nodeIdOf('north')), 'what it was told');
    told.length = 0;
    moveTo(small, desk, startsAtUs, 2);
    expect(told.map(({ type }) => type).slice(0, 3)).toEqual(['groove-open', 'groove-bar', 'groove-ask']);
  });

  test('who has given its session away comes back once it has one again; the round goes on', async () => {
    const [small, desk] = await opened(['north', 'south']);
    const { startsAtUs } = await start(small, desk, await drawn(desk, 'band', BARS));
    moveTo(small, desk, startsAtUs, 0);
    small.world.links.get('north')?.onLost();
    small.world.links.delete('north');
    small.world.full.add('north');
    moveTo(small, desk, startsAtUs, 1);
    expect([...small.world.links.keys()]).toEqual(['south']);
    small.world.full.delete('north');
    moveTo(small, desk, startsAtUs, 2);
    expect([...small.world.links.keys()]).toEqual(['south', 'north']);
    expect(small.world.failures).toEqual([]);
  });

  test('are of the group that the economy has their payee in, and those without a known payee are not drawn', async () => {
    const [small, desk] = await opened(['north', 'south', 'west', 'east']);
    small.world.groups.set('p-south', 'band').set('p-west', null).set('p-east', 'north');
    const id = await drawn(desk, 'band', BARS);
    const { draw } = present(await small.store.performance(id), 'performance');
    const drawnHosts = draw?.hosts.map(({ node, ownerGroup }) => [node, ownerGroup]).sort();
    // East and north are one household: one of them is drawn.
    expect(drawnHosts?.map(([, group]) => group)).toEqual(drawnHosts?.map(() => 'north'));
    expect(JSON.stringify(drawnHosts)).not.toMatch(/south|west/);
    expect(drawnHosts?.length).toBeGreaterThan(0);
  });

  test('whose payee has come to another group since the draw are left out', async () => {
    const [small, desk] = await opened(['north', 'south']);
    const id = await drawn(desk, 'band', BARS);
    small.world.groups.set('p-south', 'band');
    await start(small, desk, id);
    expect([...small.world.links.keys()]).toEqual(['north']);
  });

  test('a draw whose link cannot be stored is drawn the same again, and is opened once', async () => {
    const [small, desk] = await opened();
    const publishLink = vi.spyOn(small.store, 'publishLink').mockRejectedValueOnce(new Error('disk full'));
    const id = await drawn(desk, 'band', BARS);
    const first = (await small.store.performance(id))?.draw;
    expect(small.world.failures).toHaveLength(1);
    const again = await small.open();
    await again.look();
    expect(await again.view(id)).toMatchObject({ value: { state: 'drawn' } });
    expect((await small.store.performance(id))?.draw).toEqual(first);
    expect(publishLink).toHaveBeenCalledTimes(2);
    expect((await small.store.chain())?.published).toBe(1n);
    const leaves = await small.ledger.entries(0n, 10);
    expect(leaves).toHaveLength(3);
  });

  test('may commit and open outside their link, by their own signature only', async () => {
    const [small, desk] = await opened(['north', 'south']);
    small.world.silent.add('south');
    const { id, startsAtUs, hash } = await start(small, desk, await drawn(desk, 'band', BARS));
    const node = nodeIdOf('south');
    const opening = { forecast: EMPTY_FORECAST, salt: SALT };
    const said = commitment({ ...opening, node, performance: id, bar: 1 });
    const [own, stranger] = [keyOf('south'), keyOf('north')];
    const commit = (key: typeof own, name = node) =>
      desk.commit(id, {
        node: name,
        bar: 1,
        commitment: said,
        signature: key.sign(commitmentStatement(id, 1, said)),
      });
    moveTo(small, desk, startsAtUs, 0);
    expect(commit(stranger)).toMatchObject({ code: 'signature-invalid' });
    expect(commit(own, 'n-nobody')).toMatchObject({ code: 'node-unknown' });
    expect(commit(own)).toMatchObject({ ok: true });
    moveTo(small, desk, startsAtUs, 1);
    const first = signed(id, hash, FIRST);
    desk.bar(id, first.bar);
    moveTo(small, desk, startsAtUs, 2);
    desk.bar(id, signed(id, first.hash, present(BARS[1], 'bar 1')).bar);
    const reveal = (key: typeof own) =>
      desk.reveal(id, { node, bar: 1, ...opening, signature: key.sign(revealStatement(id, 1, opening)) });
    expect(reveal(stranger)).toMatchObject({ code: 'signature-invalid' });
    expect(reveal(own)).toMatchObject({ ok: true });
    expect(commit(own)).toMatchObject({ code: 'late' });
  });
});

describe('playing', () => {
  test('a bar is taken from its performer alone, and from a performance that is being played', async () => {
    const [small, desk] = await opened();
    const { id, startsAtUs, hash } = await start(small, desk, await drawn(desk, 'band', BARS));
    const { bar } = signed(id, hash, FIRST);
    expect(desk.bar('other', bar)).toMatchObject({ code: 'not-playing' });
    expect(desk.bar(id, bar)).toMatchObject({ code: 'bar-early' });
    for (const index of [0, 1]) moveTo(small, desk, startsAtUs, index);
    expect(desk.bar(id, { ...bar, signature: new Uint8Array(64) })).toMatchObject({ code: 'bar-forged' });
    expect(desk.bar(id, bar)).toMatchObject({ ok: true });
  });

  test('what was committed to a bar is in no public file before that bar is', async () => {
    const [small, desk] = await opened();
    const { id, startsAtUs, hash } = await start(small, desk, await drawn(desk, 'band', BARS));
    const journal = (): string => {
      const [file] = readdirSync(join(small.directory, 'groove'));
      return readFileSync(join(small.directory, 'groove', present(file, 'journal')), 'utf8');
    };
    let before = hash;
    for (const bar of BARS.slice(0, 3)) {
      moveTo(small, desk, startsAtUs, bar.index);
      moveTo(small, desk, startsAtUs, bar.index + 1);
      expect(journal()).not.toContain(`"bar":${bar.index},`);
      const next = signed(id, before, bar);
      desk.bar(id, next.bar);
      before = next.hash;
    }
    expect(journal()).toContain('"type":"bar","bar":2,');
    expect(journal()).not.toContain('"band"'); // owner groups have no names in public
  });

  test('records older than 400 days go once one has begun, at a look and not at the start itself', async () => {
    const [small, desk] = await opened();
    const old = join(small.directory, 'groove', 'old.jsonl');
    writeFileSync(old, '');
    utimesSync(old, 1, 1);
    await start(small, desk, await drawn(desk, 'band', BARS));
    expect(existsSync(old)).toBe(true);
    await desk.look();
    expect(existsSync(old)).toBe(false);
  });

  test('a performance that was played before brings nothing', async () => {
    const [small, desk] = await opened();
    const first = await play(small, desk, 'band', BARS);
    const again = await play(small, desk, 'band', BARS);
    expect(await desk.view(first)).toMatchObject({ value: { state: 'over', code: null } });
    expect(await desk.view(again)).toMatchObject({ value: { state: 'over', code: 'performance-replayed' } });
    await desk.close();
    const reopened = await small.open();
    const third = await play(small, reopened, 'band', BARS);
    expect(await reopened.view(third)).toMatchObject({ value: { code: 'performance-replayed' } });
  });

  test('a studio that stopped while it was played leaves it unsettled, at no cost of any host', async () => {
    const [small, desk] = await opened();
    const { id } = await start(small, desk, await drawn(desk, 'band', BARS));
    await desk.close();
    expect(await (await small.open()).view(id)).toMatchObject({
      value: { state: 'over', code: 'interrupted' },
    });
    expect(await small.store.standings('announced', ['north', 'south'])).toEqual(new Map());
  });

  test('a round whose link breaks in the middle ends as interrupted, and others go on', async () => {
    const [small, desk] = await opened(['north', 'south']);
    const first = await start(small, desk, await drawn(desk, 'band', BARS));
    const second = await start(small, desk, await drawn(desk, 'duo', barsOf('two', 6)));
    small.world.linkFails = true;
    small.world.links.get('south')?.onLost(); // Of the second, which opened its link last.
    expect(() => moveTo(small, desk, second.startsAtUs, 0)).not.toThrow();
    await desk.look();
    expect(await desk.view(second.id)).toMatchObject({ value: { state: 'over', code: 'interrupted' } });
    expect(await desk.view(first.id)).toMatchObject({ value: { state: 'playing' } });
    expect(small.world.failures).toHaveLength(1);
  });

  test('a round whose settlement could not be stored is settled by the next look, and counts once', async () => {
    const [small, desk] = await opened();
    vi.spyOn(small.store, 'settle').mockRejectedValueOnce(new Error('disk full'));
    const id = await playFrom(small, desk, await start(small, desk, await drawn(desk, 'band', BARS)), BARS);
    await desk.look();
    expect(small.world.failures).toHaveLength(1);
    expect(await desk.view(id)).toMatchObject({ value: { state: 'over', code: null } });
    expect((await small.store.performance(id))?.outcome).toMatchObject({ bars: BARS.length - 1 });
    const again = await play(small, desk, 'duo', BARS);
    expect(await desk.view(again)).toMatchObject({ value: { code: 'performance-replayed' } });
  });

  test('one performance that cannot be filed holds up no other', async () => {
    const [small, desk] = await opened();
    const ids: string[] = [];
    small.world.unfileable.add('band');
    for (const name of ['band', 'duo']) {
      const id = await play(small, desk, name, barsOf(name, 6));
      ids.push(id);
      const kept = present(await small.store.performance(id), 'performance');
      await small.store.save({ ...kept, state: 'settled', contributions: [contributionOf(name)] });
    }
    await desk.look();
    expect(small.world.failures).not.toEqual([]);
    const states = await Promise.all(ids.map(async (id) => (await small.store.performance(id))?.state));
    expect(states).toEqual(['settled', 'over']);
    expect(small.world.filed.map(({ subject }) => subject)).toEqual(['duo']);
  });
});

function contributionOf(subject: string) {
  return newContribution({
    kind: 'compute',
    meter: 'compute/work-units',
    payees: [{ payee: 'p-north', weight: 1n }],
    merit: 1n,
    subject,
    ownerGroup: 'north',
    evidence: {},
    evidenceSecret: SALT,
    acceptedAtUs: 1n,
  });
}
