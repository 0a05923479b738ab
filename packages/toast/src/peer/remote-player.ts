import type { SealCrypto } from '../crypto/toast-crypto.ts';
import { PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import { MidiInbox } from '../midi/midi-inbox.ts';
import { ReplayWindow } from '../replay-window.ts';
import { announcedKeys, type PeerIdentity } from '../trust/peer-identity.ts';
import { SenderKeys } from '../trust/sender-keys.ts';
import { StreamVerifier } from '../trust/stream-signature.ts';
import type { RoomMember } from '../wire/control-message.ts';
import { StreamReceiver } from './stream-receiver.ts';

export interface RemoteOptions {
  readonly crypto: SealCrypto;
  readonly identity: PeerIdentity | null;
  readonly roomKey: Uint8Array;
  readonly packetFrames: number;
  readonly reach: number;
  readonly fixedDelayMs?: number;
}

/** Another player's join as this peer knows it: keys, sound, notes, and whether its owner vouches for them. */
export class RemotePlayer {
  readonly receiver: StreamReceiver;
  readonly midi = new MidiInbox();
  readonly keys: SenderKeys;
  readonly midiReplay = new ReplayWindow();
  readonly statsReplay = new ReplayWindow();
  /** `null` where no signatures are made or can be checked. */
  readonly verifier: StreamVerifier | null;
  /** Its audio datagrams that were taken, by the way on which they came. */
  readonly arrived = { direct: 0, relay: 0 };
  /** Latency of its own sound card, as it reports it, µs. */
  inputUs = 0;

  constructor(member: RoomMember, options: RemoteOptions) {
    const { crypto, identity, roomKey, packetFrames, reach, fixedDelayMs } = options;
    const delay = fixedDelayMs === undefined ? {} : { fixedDelayMs };
    this.receiver = new StreamReceiver(member, { packetFrames, reach, ...delay });
    this.keys = new SenderKeys(crypto, roomKey, member.joinId);
    const announced = identity === null ? null : announcedKeys(crypto, roomKey, member.joinId, member.keys);
    this.verifier =
      identity === null || announced === null
        ? null
        : new StreamVerifier(crypto, member.joinId, announced.signKey);
  }

  get member(): RoomMember {
    return this.receiver.member;
  }

  /** Of who only listens nothing ever comes. */
  get mayPlay(): boolean {
    return this.member.seat < PLAYERS_PER_ROOM_MAX;
  }

  /** The room no longer lists this join: its notes end. */
  depart(atSample: number): void {
    this.receiver.isPresent = false;
    this.midi.releaseAll(atSample);
  }
}
