import type { EnterAnswer } from './messages.ts';

/** A refusal of the studio: its code, and its own sentence for people. */
export class RoomRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function ask(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response === null) throw new RoomRefusal('unreachable', '');
  const value: unknown = await response.json().catch(() => null);
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>; // an object by the test beside it
  if (!response.ok)
    throw new RoomRefusal(
      String(fields.code ?? 'unreachable'),
      String(fields.detail ?? fields.message ?? ''),
    );
  return fields;
}

export async function lookAt(invitation: string): Promise<{ room: string; packetFrames: number }> {
  const { room, packetFrames } = await ask('/api/room/look', { invitation });
  if (typeof room !== 'string' || typeof packetFrames !== 'number')
    throw new RoomRefusal('page-outdated', '');
  return { room, packetFrames };
}

export async function enterRoom(invitation: string, player: string, returnKey: string): Promise<EnterAnswer> {
  const answer = await ask('/api/room/enter', { invitation, player, returnKey });
  const isWhole =
    typeof answer.joinToken === 'string' &&
    typeof answer.roomKeyHex === 'string' &&
    typeof answer.packetFrames === 'number' &&
    typeof answer.returnKey === 'string' &&
    typeof answer.paths === 'object' &&
    answer.paths !== null;
  if (!isWhole) throw new RoomRefusal('page-outdated', '');
  return answer as unknown as EnterAnswer; // its parts were looked at above
}

/** Signalling of a DataChannel. */
export async function signalOffer(ticket: string, sdp: string): Promise<string> {
  const answer = await ask('/api/room/offer', { ticket, sdp });
  return String(answer.sdp ?? '');
}
