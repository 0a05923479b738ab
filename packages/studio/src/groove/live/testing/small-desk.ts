import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, toHex } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import {
  type Bar,
  barHash,
  barStatement,
  cellsOf,
  commitDeadlineUs,
  commitment,
  emptyForecast,
  encodeForecast,
  gridOf,
  streamHash,
  streamStatement,
} from '@jamnet/groove';
import { platformVerifySignature } from '@jamnet/jamnode';
import { BeaconFiles, directoryFiles, nativeSigner, openLedger, openLog } from '@jamnet/ledger';
import type { NodeRow, StudioMessage } from '@jamnet/mesh';
import { openSqlite } from '@jamnet/sql';
import { deriveSecret, signingKey } from '../../../identity/keys.ts';
import { GrooveLink, type GrooveSessionOptions } from '../../../mesh/groove-link.ts';
import type { ConnectedNode } from '../../../mesh/node-requests.ts';
import { DrawDesk } from '../draw-desk.ts';
import { GrooveStore } from '../groove-store.ts';
import { LiveDesk } from '../live-desk.ts';
import { RoundJournal } from '../round-journal.ts';

export const PIECE = { tempoMap: [{ beat: 0, usPerBeat: 500_000 }], firstBarOffsetUs: 0 };
const ORIGIN = 'rounds.example/log';
export const DAY_US = 86_400_000_000n;

export const keyOf = (name: string) => signingKey(deriveSecret(name, 'test key'));
/** One for all tests: making a key costs more than using it. */
export const PERFORMER = keyOf('performer');
export const nodeIdOf = (name: string): string => `n-${name}`;

function nodeRow(name: string): NodeRow {
  // What live rounds look at; the rest is the mesh's.
  const row: Partial<NodeRow> = {
    id: nodeIdOf(name),
    publicKey: toHex(keyOf(name).publicKey),
    name,
    ownerGroup: name,
    payee: `p-${name}`,
  };
  return row as NodeRow;
}

function connectedNode(name: string): ConnectedNode {
  const machine = {
    slots: 1,
    running: 0,
    isHungry: true,
    operationsPerSecond: 1n,
    device: 'test',
    grooveSessions: 1,
    notice: null,
  };
  return { node: nodeIdOf(name), name, ownerGroup: name, ...machine };
}

/** What a host in these tests foretells of every bar: nothing, or what its bars were. */
export const EMPTY_FORECAST = encodeForecast(emptyForecast());
export const SALT: Uint8Array = new Uint8Array(32).fill(7);

/** The node's end of a link, in the same process: commits when asked, opens when the bar was heard; remembers what it was told. */
function host(name: string, told: StudioMessage[], performance: () => string) {
  let link: GrooveLink | null = null;
  const committed = new Set<number>();
  return {
    connect: (made: GrooveLink) => {
      link = made;
    },
    receive: (message: StudioMessage): void => {
      told.push(message);
      const { options } = link ?? {};
      if (!options) return;
      if (message.type === 'groove-ask') {
        committed.add(message.bar);
        const said = { forecast: EMPTY_FORECAST, salt: SALT, node: nodeIdOf(name), bar: message.bar };
        options.onCommit({
          bar: message.bar,
          commitment: commitment({ ...said, performance: performance() }),
        });
      } else if (message.type === 'groove-bar' && committed.delete(message.bar.index))
        options.onReveal({ bar: message.bar.index, forecast: EMPTY_FORECAST, salt: SALT });
    },
  };
}

/** A desk over a store in memory and a log in a folder of its own, with hosts in the same process and a clock that is moved by hand. */
export async function openSmallDesk(hosts: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-rounds-'));
  const database = openSqlite({ file: ':memory:' });
  const ledger = await openLedger(database);
  const signer = nativeSigner(ORIGIN, deriveSecret('log', 'test key'));
  const logDirectory = join(directory, 'log');
  const log = await openLog({ directory: logDirectory, ledger, origin: ORIGIN, signer });
  const store = await GrooveStore.open(database);
  const world = {
    nowUs: 1_000_000_000_000n,
    connected: new Set(hosts),
    /** Nodes whose link stays silent. */
    silent: new Set<string>(),
    links: new Map<string, GrooveSessionOptions>(),
    told: new Map<string, StudioMessage[]>(hosts.map((name) => [nodeIdOf(name), []])),
    /** Nodes without a session to spare. */
    full: new Set<string>(),
    /** Owner group by payee, where it is not the node's name; `null`: not registered. */
    groups: new Map<string, string | null>(),
    filed: [] as Contribution[],
    /** Subjects that the books do not take. */
    unfileable: new Set<string>(),
    /** Whether opening a link fails in a way that nobody expects. */
    linkFails: false,
    failures: [] as unknown[],
  };
  const openLink = (session: GrooveSessionOptions): GrooveLink => {
    const name = session.node.slice(2);
    if (world.linkFails) throw new Error('an unexpected end');
    if (world.full.has(name)) throw new Failure('node-full', `Node ${name} takes no more sessions.`);
    const end = host(name, world.told.get(session.node) ?? [], () => session.performance);
    world.links.set(name, session);
    const link = new GrooveLink(
      session,
      (message) => (world.silent.has(name) ? undefined : end.receive(message)),
      () => world.links.delete(name),
    );
    end.connect(link);
    return link;
  };
  const nowUs = (): bigint => world.nowUs;
  const open = (): Promise<LiveDesk> =>
    LiveDesk.open({
      store,
      draws: new DrawDesk({
        store,
        ledger,
        beacons: new BeaconFiles(directoryFiles(logDirectory), ORIGIN),
        secret: deriveSecret('draws', 'test key'),
        witnesses: [],
        quorum: 0,
        nowUs,
        publish: async () => void (await log.publish(world.nowUs)),
      }),
      journal: new RoundJournal(directory),
      nowUs,
      verify: platformVerifySignature,
      connected: () => [...world.connected].map(connectedNode),
      nodes: async () => hosts.map(nodeRow),
      openLink,
      freeSessions: (node) => (world.full.has(node.slice(2)) ? 0 : 1),
      ownerGroupOf: async (payee) => {
        const group = world.groups.get(payee);
        return group === undefined ? payee.slice(2) : group;
      },
      addContributions: async (contributions) => {
        if (contributions.some(({ subject }) => world.unfileable.has(subject)))
          throw new Error('the books are closed for a moment');
        world.filed.push(...contributions);
      },
      secret: deriveSecret('evidence', 'test key'),
      onFailure: (error) => world.failures.push(error),
    });
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { world, store, open, close, directory, ledger };
}

export type SmallDesk = Awaited<ReturnType<typeof openSmallDesk>>;

export const GRID = (() => {
  const grid = gridOf(PIECE);
  if (!grid.ok) throw new Error(grid.message);
  return grid.value;
})();

export function announcement(bars: readonly Bar[]) {
  const performerKey = toHex(PERFORMER.publicKey);
  return { room: 'attic', performerKey, piece: PIECE, bars: bars.length, announced: bars.map(cellsOf) };
}

/** A performance that waits for its start. */
export async function drawn(desk: LiveDesk, group: string, bars: readonly Bar[]): Promise<string> {
  const announced = await desk.announce(group, announcement(bars));
  if (!announced.ok) throw new Error(announced.message);
  await desk.look(); // fixes what is drawn
  await desk.look(); // draws
  return announced.value.performance;
}

/** Starts it as its performer does; `aheadUs`: when time 0 is, from now. */
export async function start({ world }: SmallDesk, desk: LiveDesk, id: string, aheadUs = 2_000_000) {
  const startsAtUs = Number(world.nowUs) + aheadUs;
  const head = { performance: id, performerKey: PERFORMER.publicKey, grid: GRID, startsAtUs };
  const answer = await desk.start(id, startsAtUs, PERFORMER.sign(streamStatement(head)));
  return { id, startsAtUs, answer, hash: streamHash(head) };
}

/** The next bar, signed, and the hash of all up to it. */
export function signed(id: string, before: Uint8Array, bar: Bar) {
  const hash = barHash(before, bar);
  return { hash, bar: { bar, signature: PERFORMER.sign(barStatement(id, bar.index, hash)) } };
}

/** Moves the clock to just after the deadline of a bar: from then on the bar before it can be handed over. */
export function moveTo({ world }: SmallDesk, desk: LiveDesk, startsAtUs: number, bar: number): void {
  world.nowUs = BigInt(startsAtUs + commitDeadlineUs(GRID, bar)) + 1n;
  desk.advance();
}

/** Plays all bars, each as soon as it may be handed over. */
export async function play(
  small: SmallDesk,
  desk: LiveDesk,
  group: string,
  bars: readonly Bar[],
): Promise<string> {
  return await playFrom(small, desk, await start(small, desk, await drawn(desk, group, bars)), bars);
}

/** The same for one that has been started. */
export async function playFrom(
  small: SmallDesk,
  desk: LiveDesk,
  { id, startsAtUs, hash: first }: Awaited<ReturnType<typeof start>>,
  bars: readonly Bar[],
): Promise<string> {
  moveTo(small, desk, startsAtUs, 0);
  let hash = first;
  for (const bar of bars) {
    moveTo(small, desk, startsAtUs, bar.index + 1);
    const next = signed(id, hash, bar);
    const taken = desk.bar(id, next.bar);
    if (!taken.ok) throw new Error(taken.message);
    hash = next.hash;
  }
  moveTo(small, desk, startsAtUs, bars.length + 2);
  await desk.look();
  return id;
}
