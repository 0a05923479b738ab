import { parseState } from './parse-state.ts';
import { shareUnchanged } from './share-unchanged.ts';
import type { StudioState } from './state.ts';

/** `connecting`: nothing seen yet; `live`: the stream is open; `lost`: it broke and is being tried again. */
export type Connection = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly connection: Connection;
  readonly state: StudioState | null;
  /** Why the newest message was not taken, or `null`; the state before it stays on the page. */
  readonly complaint: string | null;
}

export type LiveEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'broken' }
  | { readonly type: 'message'; readonly body: string };

export const LIVE_AT_START: Live = { connection: 'connecting', state: null, complaint: null };

export function reduceLive(live: Live, event: LiveEvent): Live {
  if (event.type === 'opened') return { ...live, connection: 'live' };
  if (event.type === 'broken') return { ...live, connection: 'lost' };
  return takeMessage(live, event.body);
}

function takeMessage(live: Live, body: string): Live {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { ...live, complaint: 'the message is no JSON' };
  }
  const read = parseState(value);
  if (!read.ok) return { ...live, complaint: read.message };
  return { connection: 'live', state: shareUnchanged(live.state, read.value), complaint: null };
}
