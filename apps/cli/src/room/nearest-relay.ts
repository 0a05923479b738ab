import { probeRelay } from '@jamnet/jambox';
import type { JoinAnswer } from '@jamnet/studio';
import { orEnd } from '../context.ts';
import type { StudioAccess } from '../studio-access.ts';

/** A relay and how far it is away, there and back; `null`: it did not answer. */
export interface MeasuredRelay {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly roundTripUs: number | null;
}

export interface MeasuredJoin {
  readonly joined: JoinAnswer;
  readonly relays: readonly MeasuredRelay[];
}

type Studio = Pick<StudioAccess, 'joinRoom'>;

/** Joins a room on the relay that is heard soonest; where the room has its place already, on that one, and measures nothing. */
export async function joinNearest(studio: Studio, room: string, player: string): Promise<JoinAnswer> {
  const asked = orEnd(await studio.joinRoom({ room, player }));
  return asked.candidates === undefined
    ? asked
    : (await joinMeasured(studio, asked, asked.candidates)).joined;
}

/** The same, with the round trip to every relay that the room may be on. */
export async function measureAndJoin(studio: Studio, room: string, player: string): Promise<MeasuredJoin> {
  const asked = orEnd(await studio.joinRoom({ room, player }));
  if (asked.candidates !== undefined) return await joinMeasured(studio, asked, asked.candidates);
  const { host, port } = asked.relay;
  return { joined: asked, relays: await measured([{ id: `${host}:${port}`, host, port }], asked.joinToken) };
}

type Candidates = NonNullable<JoinAnswer['candidates']>;

async function joinMeasured(
  studio: Studio,
  { room, player, joinToken }: JoinAnswer,
  candidates: Candidates,
): Promise<MeasuredJoin> {
  const relays = await measured(candidates, joinToken);
  const delaysUs = Object.fromEntries(
    relays.flatMap(({ id, roundTripUs }) => (roundTripUs === null ? [] : [[id, roundTripUs] as const])),
  );
  return { joined: orEnd(await studio.joinRoom({ room, player, delaysUs })), relays };
}

function measured(relays: Candidates, joinToken: string): Promise<MeasuredRelay[]> {
  return Promise.all(
    relays.map(async (relay) => ({ ...relay, roundTripUs: await probeRelay(relay, joinToken) })),
  );
}
