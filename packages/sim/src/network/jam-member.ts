import type { Chance } from '@jamnet/base';
import { nodeSealCrypto } from '@jamnet/jambox';
import {
  CONSENT,
  issueToken,
  type PeerIdentity,
  PeerSession,
  type RemotePlayer,
  type StreamReceiver,
} from '@jamnet/toast';
import type { FaultPlan } from './fault-plan.ts';
import { CardEar, GridEar, type JamEar } from './jam-ear.ts';
import { NoteEar, NotePlayer } from './jam-notes.ts';
import { PACKET_FRAMES } from './jam-signal.ts';
import { seededIdentity } from './seeded-identity.ts';

/** Virtual time 0 as UTC µs, so that times have the size that they have in the world. */
export const EPOCH_US = 1_700_000_000_000_000;
export const TOKEN_KEY = new Uint8Array(32).fill(1);
const ROOM_KEY = new Uint8Array(32).fill(2);
const OFFSETS = [1, 3];

/** One member of a simulated room: a session, a card and a clock of its own, and an ear for everybody else. */
export class JamMember {
  readonly name: string;
  readonly number: number;
  readonly isListener: boolean;
  /** Its clock at virtual time 0 against the true one, and how fast clock and card run. */
  readonly offsetUs: number;
  readonly rate: number;
  readonly #plan: FaultPlan;
  readonly #ears = new Map<StreamReceiver, JamEar>();
  readonly #noteEars = new Map<RemotePlayer, NoteEar>();
  readonly #identity: PeerIdentity | null;
  /** Which relay its datagrams go to. */
  relay = 0;
  session: PeerSession;
  notes = new NotePlayer();
  /** In the room, or on the way into it. */
  isHere: boolean;
  isPlaying = false;
  /** Whole packets since the room's start by the own card, and where the own stream begins on the room's timeline. */
  period = 0;
  baseSample = 0;

  constructor(number: number, plan: FaultPlan, chance: Chance) {
    this.number = number;
    this.name = `player ${number}`;
    this.#plan = plan;
    this.isListener = number >= plan.players && number < plan.players + plan.listeners;
    this.isHere = number < plan.players + plan.listeners;
    this.rate = 1 + (plan.driftPpm[number] ?? 0) / 1e6;
    this.offsetUs = chance.below(2_000_000) - 1_000_000;
    this.#identity = plan.hasIdentities ? seededIdentity(chance.fork('identity')) : null;
    this.session = this.#open(chance);
  }

  #open(chance: Chance): PeerSession {
    const claim = { room: 'attic', player: this.name, expiresAtUs: EPOCH_US + 3.6e9 };
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, claim);
    if (!token.ok) throw new Error(token.message);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.value,
      roomKey: ROOM_KEY,
      packetFrames: PACKET_FRAMES,
      redundancyOffsets: OFFSETS,
      startWhenPlayers: this.#plan.players,
      listens: this.isListener,
      joinIdBytes: Uint8Array.from({ length: 16 }, () => chance.below(256)),
      epoch: chance.uint32(),
      consent: CONSENT.record,
      ...(this.#plan.isAdaptive ? { adaptWithin: 4.2 } : {}),
      ...(this.#identity === null ? {} : { identity: this.#identity }),
    });
    if (!session.ok) throw new Error(session.message);
    return session.value;
  }

  /** The process died, or its timeline is void: a new one joins under the same name and with the same keys. */
  reborn(chance: Chance): void {
    this.isPlaying = false;
    this.session = this.#open(chance);
    this.notes = new NotePlayer();
    this.#ears.clear();
    this.#noteEars.clear();
  }

  /** The own clock, UTC µs, at virtual time `nowUs`. */
  localUs(nowUs: number): number {
    const isStepped = this.#plan.stepPlayer === this.number && nowUs >= this.#plan.stepAtUs;
    return EPOCH_US + this.offsetUs + (isStepped ? this.#plan.clockStepUs : 0) + nowUs * this.rate;
  }

  /** Every third member hears on the packet grid, the others on cards of their own. */
  earFor(stream: StreamReceiver, speaker: number): JamEar {
    const known = this.#ears.get(stream);
    if (known !== undefined) return known;
    const reach = OFFSETS.at(-1) ?? 0;
    const ear =
      this.number % 3 === 0
        ? new GridEar(stream, speaker)
        : new CardEar(stream, speaker, reach, this.#plan.isConcealed);
    this.#ears.set(stream, ear);
    return ear;
  }

  /** Takes in the notes that have come. */
  drainNotes(): void {
    for (const remote of this.session.players) {
      let ear = this.#noteEars.get(remote);
      if (ear === undefined) {
        ear = new NoteEar();
        this.#noteEars.set(remote, ear);
      }
      ear.drain(remote);
    }
  }

  /** Notes of others that sound now, and events that made no sense. */
  notesHeard(): { readonly sounding: number; readonly strange: number } {
    const ears = [...this.#noteEars.values()];
    return {
      sounding: ears.reduce((sum, ear) => sum + ear.sounding.size, 0),
      strange: ears.reduce((sum, ear) => sum + ear.strange, 0),
    };
  }
}
