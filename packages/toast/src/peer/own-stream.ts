import type { Ring } from '@jamnet/base';
import { senderKey } from '../crypto/toast-crypto.ts';
import { MidiSender } from '../midi/midi-sender.ts';
import type { ProofTask } from '../trust/proof-task.ts';
import { putSignature, StreamSigner, signedBytes } from '../trust/stream-signature.ts';
import { bodyBytesOf, PACKET_TYPE, type PacketType } from '../wire/header.ts';
import { encodeMidiBody, MIDI_BODY_BYTES_MAX, type MidiBody, type MidiEvent } from '../wire/midi-body.ts';
import type { Outbox, SealingKey } from './outbox.ts';
import type { PeerCounters } from './peer-events.ts';
import { type PeerOptions, planOf, shapeOf } from './peer-options.ts';
import { type SendPlace, StreamSender } from './stream-sender.ts';

/** What this peer sends: sound, notes, and signatures over the sound, all under its own keys. */
export class OwnStream {
  readonly sender: StreamSender;
  isFinished = false;
  readonly #options: PeerOptions;
  readonly #joinId: string;
  readonly #outbox: Outbox;
  readonly #midi = new MidiSender();
  readonly #midiBody = new Uint8Array(MIDI_BODY_BYTES_MAX);
  readonly #signer: StreamSigner | null;
  readonly #proofs: { readonly tasks: Ring<ProofTask>; readonly counters: PeerCounters };
  #baseSample = -1;
  #generation = 0;
  #secret: Uint8Array;
  #datagrams = 0;

  constructor(
    options: PeerOptions,
    joinId: string,
    outbox: Outbox,
    proofs: { readonly tasks: Ring<ProofTask>; readonly counters: PeerCounters },
  ) {
    const { crypto, roomKey, epoch, identity } = options;
    this.#proofs = proofs;
    this.#options = options;
    this.#joinId = joinId;
    this.#outbox = outbox;
    this.#secret = roomKey;
    this.#signer = identity === undefined ? null : new StreamSigner(crypto);
    const key = senderKey(crypto, roomKey, joinId, PACKET_TYPE.audio);
    this.sender = new StreamSender(crypto, key, {
      epoch,
      ...shapeOf(options),
      mayPack: options.packing === true,
      bandwidthMax: options.bandwidthMax ?? Number.POSITIVE_INFINITY,
      plan: planOf(options),
    });
  }

  get nextTickUs(): number {
    return this.#midi.nextTickUs;
  }

  sendAudio(pcm: Int16Array | Int32Array, baseSample: number, sentAtUs: number): void {
    if (this.#baseSample < 0) this.#baseSample = baseSample;
    this.#push(this.sender.next(pcm, this.#place(sentAtUs)));
  }

  sendTrail(sentAtUs: number): boolean {
    const datagram = this.sender.trail(this.#place(sentAtUs));
    if (datagram !== null) this.#push(datagram);
    return datagram !== null;
  }

  #place(sentAtUs: number): SendPlace {
    const { seat, heldFlag } = this.#outbox;
    return { seat, baseSample: Math.max(0, this.#baseSample), sentAtUs, flags: heldFlag };
  }

  finish(): void {
    this.sender.finish();
    this.isFinished = true;
    this.#outbox.control({ t: 'finished', packets: this.sender.packets });
  }

  sendMidi(nowUs: number, event: MidiEvent, nowSample: number): void {
    this.#sendMidiBody(this.#midi.add(nowUs, event), nowSample);
  }

  tick(nowUs: number, nowSample: number): void {
    const hasSound = this.sender.packets > 0 && !this.isFinished;
    const body = this.#midi.tick(nowUs, hasSound);
    if (body !== null) this.#sendMidiBody(body, nowSample);
  }

  /** Seals with the keys of another generation from now on. */
  rekey(generation: number, secret: Uint8Array): void {
    this.#generation = generation;
    this.#secret = secret;
    this.sender.rekey(generation, this.#key(PACKET_TYPE.audio));
  }

  get generation(): number {
    return this.#generation;
  }

  sealing(type: PacketType): SealingKey {
    return { generation: this.#generation, key: this.#key(type) };
  }

  #key(type: PacketType): Uint8Array {
    return senderKey(this.#options.crypto, this.#secret, this.#joinId, type);
  }

  #sendMidiBody(body: MidiBody, nowSample: number): void {
    // An event may lie in the future: the header's time is that of the latest.
    const sampleTime = body.events.reduce(
      (most, event) => Math.max(most, event.atSample),
      Math.max(0, nowSample),
    );
    const bytes = encodeMidiBody(this.#midiBody, sampleTime, body);
    this.#outbox.sealed(
      PACKET_TYPE.midi,
      this.sealing(PACKET_TYPE.midi),
      sampleTime,
      this.#midiBody.subarray(0, bytes),
    );
  }

  #push(datagram: Uint8Array): void {
    const bodyBytes = bodyBytesOf(datagram);
    this.#outbox.toMembers(datagram, bodyBytes);
    const body = this.#signer?.note(this.#datagrams++, datagram, bodyBytes) ?? null;
    if (body !== null) this.#sign(body);
  }

  #sign(body: Uint8Array): void {
    const { identity, defersProofs } = this.#options;
    const message = signedBytes(this.#joinId, body);
    if (defersProofs !== true) {
      if (identity !== undefined) this.signed(body, identity.sign(message));
    } else if (!this.#proofs.tasks.push({ kind: 'sign', message, body: body.slice() }))
      this.#proofs.counters.proofsDropped++;
  }

  /** Sends the hashes in `body` under their signature. */
  signed(body: Uint8Array, signature: Uint8Array): void {
    putSignature(body, signature);
    this.#outbox.sealed(PACKET_TYPE.stats, this.sealing(PACKET_TYPE.stats), 0, body);
  }
}
