import { toBase64, toHex } from '@jamnet/base';
import { nonceOf, type SealCrypto, senderKey } from '../crypto/toast-crypto.ts';
import { PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import { FATE, JitterBuffer } from '../playout/jitter-buffer.ts';
import { AudioBodyReader, READ } from '../wire/audio-body.ts';
import { decodeAudioBody } from '../wire/audio-body-value.ts';
import { decodeControl } from '../wire/control-message.ts';
import { bodyOf, decodeHeader, FLAG_SEALED, HEADER_BYTES, type Header, PACKET_TYPE } from '../wire/header.ts';
import { decodeMidiBody } from '../wire/midi-body.ts';
import { decodeProbe } from '../wire/probe-body.ts';
import { decodeStatsBody } from '../wire/stats-body.ts';
import { decodeSyncBody } from '../wire/sync-body.ts';

/** Joins remembered by epoch, the newest. */
const JOINS_MAX = 8 * PLAYERS_PER_ROOM_MAX;
const NAMES = new Map<number, string>(Object.entries(PACKET_TYPE).map(([name, type]) => [type, name]));

/** What a dump may open sealed bodies with: the room's key. Keys after a rotation are nobody's but the members'. */
export interface DumpKeys {
  readonly crypto: SealCrypto;
  readonly roomKey: Uint8Array;
}

/** Live packets as JSON, one line each, members named as in takes: `audio` holds PCM, `midi` holds messages in hex. */
export class PacketDump {
  readonly #keys: DumpKeys | null;
  /** Join ids by epoch, learnt from the joins and rooms that pass. */
  readonly #joins = new Map<number, string>();
  readonly #reader = new AudioBodyReader();

  constructor(keys: DumpKeys | null) {
    this.#keys = keys;
  }

  /** The JSON line of one datagram; one that is none says why. */
  line(datagram: Uint8Array): string {
    const header = decodeHeader(datagram);
    if (!header.ok) return JSON.stringify({ refused: header.code, bytes: datagram.length });
    const { type, ...fields } = header.value;
    const name = NAMES.get(type) ?? String(type);
    return JSON.stringify({ type: name, ...fields, body: this.#body(datagram, header.value) });
  }

  #body(datagram: Uint8Array, header: Header): unknown {
    if ((header.flags & FLAG_SEALED) === 0) return this.#open(header, bodyOf(datagram, header));
    const joinId = this.#joins.get(header.epoch);
    if (this.#keys === null || joinId === undefined || header.generation > 0) return 'sealed';
    const { crypto, roomKey } = this.#keys;
    const key = senderKey(crypto, roomKey, joinId, header.type);
    const associated = datagram.subarray(0, HEADER_BYTES);
    const plain = crypto.open(key, nonceOf(datagram), associated, bodyOf(datagram, header));
    return plain === null ? 'sealed with another key' : this.#open(header, plain);
  }

  #open(header: Header, body: Uint8Array): unknown {
    switch (header.type) {
      case PACKET_TYPE.audio:
        return this.#audio(header, body);
      case PACKET_TYPE.midi: {
        const midi = decodeMidiBody(body, header.sampleTime);
        if (!midi.ok) return { refused: midi.code };
        const events = midi.value.events.map((event) => ({
          type: 'midi',
          atSample: event.atSample,
          message: toHex(event.message),
        }));
        return { first: midi.value.first, events };
      }
      case PACKET_TYPE.sync:
        return shown(decodeSyncBody(body));
      case PACKET_TYPE.stats:
        return body[0] === 2 ? { signature: toHex(body.subarray(-64)) } : shown(decodeStatsBody(body));
      case PACKET_TYPE.probe: {
        const probe = decodeProbe(body);
        if (!probe.ok) return { refused: probe.code };
        const { challenge, echo, ...rest } = probe.value;
        return { challenge: toHex(challenge), echo: echo === null ? null : toHex(echo), ...rest };
      }
      case PACKET_TYPE.control:
        return this.#control(body);
    }
  }

  #control(body: Uint8Array): unknown {
    const message = decodeControl(body);
    if (message.ok && message.value.t === 'join') this.#learn(message.value.epoch, message.value.joinId);
    if (message.ok && message.value.t === 'room')
      for (const member of message.value.members) this.#learn(member.epoch, member.joinId);
    // A token lets its bearer in: what is dumped may be shown around.
    if (message.ok && message.value.t === 'join') return { ...message.value, token: '(hidden)' };
    return shown(message);
  }

  #learn(epoch: number, joinId: string): void {
    // What was learnt last stands last: the first is the oldest.
    this.#joins.delete(epoch);
    for (const oldest of this.#joins.keys()) {
      if (this.#joins.size < JOINS_MAX) break;
      this.#joins.delete(oldest);
    }
    this.#joins.set(epoch, joinId);
  }

  #audio(header: Header, body: Uint8Array): unknown {
    const value = decodeAudioBody(body);
    if (!value.ok) return { refused: value.code };
    const { frames, sampleBytes, sentAtUs, blocks, repair } = value.value;
    return {
      frames,
      sampleBytes,
      sentAtUs,
      carries: blocks.map((block) => ({ offset: block.offset, packed: block.packed, bytes: block.bytes })),
      repair: repair === null ? null : { symbols: repair.symbols, offsets: repair.offsets },
      audio: { type: 'audio', atSample: header.sampleTime, pcm: this.#pcm(body) },
    };
  }

  /** The datagram's own packet as base64 of its little-endian samples, or `null` when it carries only others. */
  #pcm(body: Uint8Array): string | null {
    const reader = this.#reader;
    if (reader.read(body) !== READ.fine || reader.blocks === 0 || reader.offsets[0] !== 0) return null;
    const buffer = new JitterBuffer(reader.frames);
    const at = reader.at[0] ?? 0;
    const width = reader.sampleBytes;
    if (reader.codings[0] === 1) buffer.putPacked(0, body, at, reader.bytes[0] ?? 0, width, FATE.own, 0);
    else buffer.put(0, body, at, width, FATE.own, 0);
    if (!buffer.has(0)) return null;
    const bytes = new Uint8Array(reader.frames * width);
    buffer.bytesInto(0, bytes);
    return toBase64(bytes);
  }
}

function shown<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string },
): unknown {
  return result.ok ? result.value : { refused: result.code };
}
