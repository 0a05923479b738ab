import { RoomRefusal } from '../room-api.ts';
import type { ArchiveDoor } from './send-take.ts';

const JSON_KIND = { 'content-type': 'application/json' };
const BYTES_KIND = { 'content-type': 'application/octet-stream' };

/** A take in the studio's archive. */
export interface RoomTake {
  /** SHA-256 of its bytes, hex. */
  readonly id: string;
  readonly bytes: number;
  readonly recorder: string;
  readonly startedAtUs: string;
  /** UTC µs of its first sound, decimal. */
  readonly recordedAtUs?: string;
  readonly seconds: number;
  /** The same with holes filled by hosts, under the SHA-256 of its own bytes. */
  readonly repaired?: { readonly id: string; readonly bytes: number; readonly holes: number };
  readonly tracks: readonly { readonly role: string; readonly from: string }[];
}

/** What the studio has of a room. */
export interface RoomLook {
  readonly takes: readonly RoomTake[];
  readonly recording: { readonly by: string; readonly sinceUs: number } | null;
}

/** One request as a guest of the room; throws a refusal with the studio's code and sentence. */
async function ask(ticket: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'jamnet-ticket': ticket, ...(init.headers as Record<string, string> | undefined) }; // ours, below
  const answer = await fetch(path, { ...init, headers }).catch(() => null);
  if (answer === null) throw new RoomRefusal('unreachable', '');
  return answer;
}

async function orRefusal(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  throw new RoomRefusal(problem.code, problem.detail);
}

async function problemOf(answer: Response): Promise<{ code: string; detail: string }> {
  const value: unknown = await answer.json().catch(() => null);
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>; // an object by the test beside it
  return { code: String(fields.code ?? 'unreachable'), detail: String(fields.detail ?? '') };
}

export async function lookAtTakes(ticket: string): Promise<RoomLook> {
  const answer = await orRefusal(await ask(ticket, '/api/room/takes'));
  return (await answer.json()) as RoomLook; // our own studio's answer, of the same build
}

export async function setRecording(ticket: string, isOn: boolean): Promise<RoomLook['recording']> {
  const body = JSON.stringify({ isOn });
  const answer = await orRefusal(
    await ask(ticket, '/api/room/recording', { method: 'POST', headers: JSON_KIND, body }),
  );
  return ((await answer.json()) as Pick<RoomLook, 'recording'>).recording; // as above
}

/** The take's bytes as they come. */
export async function fetchTake(ticket: string, id: string): Promise<Response> {
  return await orRefusal(await ask(ticket, `/api/archive/takes/${id}`));
}

/** The archive for uploads. */
export function archiveDoor(ticket: string): ArchiveDoor {
  return {
    hasChunk: async (sha256) => {
      const answer = await ask(ticket, `/api/archive/chunks/${sha256}`, { method: 'HEAD' });
      return answer.ok;
    },
    putChunk: async (sha256, bytes) => {
      const init = { method: 'PUT', headers: BYTES_KIND, body: bytes };
      await orRefusal(await ask(ticket, `/api/archive/chunks/${sha256}`, init));
    },
    complete: async (id, chunks) => {
      const init = { method: 'PUT', headers: JSON_KIND, body: JSON.stringify({ chunks }) };
      const answer = await ask(ticket, `/api/archive/takes/${id}`, init);
      if (answer.ok) return 'filed';
      const { code, detail } = await problemOf(answer);
      if (code === 'chunks-missing') return code;
      throw new RoomRefusal(code, detail);
    },
  };
}
