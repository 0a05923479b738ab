import { nonceOf, type SealCrypto } from '../crypto/toast-crypto.ts';
import { AudioBodyReader, READ } from '../wire/audio-body.ts';
import { bodyOf, FLAG_SEALED, HEADER_BYTES, type Header, PACKET_TYPE } from '../wire/header.ts';
import type { Membership } from './membership.ts';
import type { PeerCounters } from './peer-events.ts';
import type { RemotePlayer } from './remote-player.ts';
import type { RoomSide } from './room-side.ts';

interface Surroundings {
  readonly crypto: SealCrypto;
  readonly membership: Membership;
  readonly side: RoomSide;
  readonly counters: PeerCounters;
}

/** What other members sealed: each sequence once, opened with its sender's key, whichever way it came. */
export class MemberInbox {
  readonly #around: Surroundings;
  readonly #body = new AudioBodyReader();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** True when a member had sealed it. */
  take(nowUs: number, bytes: Uint8Array, header: Header, way: 'direct' | 'relay'): boolean {
    const remote = this.#around.side.remotes.ofEpoch(header.epoch);
    if (remote === undefined) {
      this.#around.counters.unknownStream++;
      return false;
    }
    if (header.type !== PACKET_TYPE.audio) return this.#takeOther(nowUs, remote, bytes, header);
    const isTaken = this.#takeAudio(nowUs, remote, bytes, header);
    if (isTaken) remote.arrived[way]++;
    return isTaken;
  }

  #takeAudio(nowUs: number, remote: RemotePlayer, bytes: Uint8Array, header: Header): boolean {
    const { membership, side, counters } = this.#around;
    // Without the room's time nobody can say how late it is.
    if (!membership.clock.isAgreed) return false;
    const { receiver, verifier } = remote;
    if (!receiver.replay.isFresh(header.sequence)) {
      counters.replayed++;
      return false;
    }
    const plain = this.#unseal(remote, bytes, header);
    if (plain === null) return false;
    receiver.replay.accept(header.sequence);
    if (verifier !== null) {
      verifier.note(header.sequence, bytes, header.bodyBytes);
      side.noteForged(remote);
    }
    if (this.#body.read(plain) !== READ.fine) {
      counters.malformed++;
      return true;
    }
    const { startAtUs } = membership;
    const roomUs = membership.roomTimeUs(nowUs);
    receiver.put(header.sequence, header.sampleTime, this.#body, plain, startAtUs, roomUs, nowUs);
    return true;
  }

  /** MIDI and stats. */
  #takeOther(nowUs: number, remote: RemotePlayer, bytes: Uint8Array, header: Header): boolean {
    const { side, counters } = this.#around;
    const replay = header.type === PACKET_TYPE.midi ? remote.midiReplay : remote.statsReplay;
    if (!replay.isFresh(header.sequence)) {
      counters.replayed++;
      return false;
    }
    const plain = this.#unseal(remote, bytes, header);
    if (plain === null) return false;
    replay.accept(header.sequence);
    if (header.type === PACKET_TYPE.midi) side.takeMidi(nowUs, remote, header.sampleTime, plain);
    else side.takeStats(remote, plain);
    return true;
  }

  #unseal(remote: RemotePlayer, bytes: Uint8Array, header: Header): Uint8Array | null {
    const { crypto, counters } = this.#around;
    const isSealed = (header.flags & FLAG_SEALED) !== 0;
    const key = isSealed ? remote.keys.of(header.generation, header.type) : null;
    if (isSealed && key === null) {
      counters.unknownKey++;
      return null;
    }
    const associated = bytes.subarray(0, HEADER_BYTES);
    const plain = key === null ? null : crypto.open(key, nonceOf(bytes), associated, bodyOf(bytes, header));
    if (plain === null) counters.forged++;
    return plain;
  }
}
