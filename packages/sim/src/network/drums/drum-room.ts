import { nodeSealCrypto } from '@jamnet/jambox';
import { type ClickMode, HeardNotes, RoomClick, RoomForecast } from '@jamnet/jambox/music';
import { BeatTimeline, issueToken, limits, PeerSession, Relay, type RemotePlayer } from '@jamnet/toast';
import { EventQueue } from '../event-queue.ts';
import { TOKEN_KEY } from '../jam-member.ts';
import { type DrumNetwork, SlottedLink } from './slotted-link.ts';

const FRAMES = 128;
const PERIOD_US = (FRAMES / limits.SAMPLE_RATE_HZ) * 1e6;
const RELAY_TICK_US = 250_000;
/** The beat begins so long after the room; by then all have agreed on the clock. */
const BEAT_AT_SAMPLE = 2 * limits.SAMPLE_RATE_HZ;
const NOTE_US = 40_000;
const DRUMS = 9;
const BORN_US = 1_700_000_000_000_000;
/** A click begins after silence of at least so many samples: it lasts 1,440, and beats are 7,200 apart at the quickest. */
const CLICK_APART = 2_000;

/** µs from the first beat on. */
export interface Stroke {
  readonly pitch: number;
  readonly velocity: number;
  readonly atUs: number;
}

type NewForecaster = NonNullable<ConstructorParameters<typeof RoomForecast>[1]>;

export interface DrumRoomPlan {
  readonly network: DrumNetwork;
  readonly tempoMilliBpm: number;
  /** By time. */
  readonly strokes: readonly Stroke[];
  /** How long the room goes on after its first beat, µs. */
  readonly untilUs: number;
  /** Whether listeners know the beat by which hits are foretold. */
  readonly hasForecast: boolean;
  readonly click: ClickMode;
  /** Who foretells hits; `after` runs what takes some time, µs. Absent: `house-2`. */
  readonly newForecaster?: (after: (us: number, run: () => void) => void) => ReturnType<NewForecaster>;
  /** The listener comes so long after the first beat, µs. Default: with the drummer. */
  readonly joinsAtUs?: number;
  /** Nothing of the drummer reaches anybody from then on, µs after the first beat. */
  readonly vanishesAtUs?: number;
}

/** What one member heard, µs from the first beat on by the room's clock. */
export interface Heard {
  readonly strokes: { readonly pitch: number; readonly atUs: number }[];
  /** Where this member's click began. */
  readonly clicksUs: number[];
  foretold: number;
  /** Notes that still sound. */
  readonly sounding: Set<number>;
}

interface Member {
  readonly name: string;
  readonly session: PeerSession;
  readonly link: SlottedLink;
  readonly click: RoomClick;
  readonly notes: Map<RemotePlayer, HeardNotes>;
  readonly heard: Heard;
  lastClick: number;
}

/** A drummer with pads and no microphone, and who listens, over one relay in virtual time: the same plan, the same run. */
export class DrumRoom {
  readonly #plan: DrumRoomPlan;
  readonly #queue = new EventQueue();
  readonly #members = new Map<string, Member>();
  readonly #relay = new Relay({
    crypto: nodeSealCrypto,
    verify: () => false,
    tokenKey: TOKEN_KEY,
    cookieKey: new Uint8Array(32).fill(2),
  });
  readonly #endUs: number;
  #beatUs = 0;

  constructor(plan: DrumRoomPlan) {
    this.#plan = plan;
    this.#endUs = plan.untilUs + 6e6;
    this.#relay.tick(BORN_US - 10_000_000);
  }

  /** Plays it all; answers what the drummer and the listener heard. */
  run(): { readonly drummer: Heard; readonly listener: Heard } {
    const drummer = this.#join('drummer', 1);
    if (this.#plan.joinsAtUs === undefined) this.#join('listener', 2);
    this.#tickRelay();
    this.#queue.runUntil(1e6);
    this.#setBeat(drummer);
    for (const stroke of this.#plan.strokes) this.#schedule(drummer, stroke);
    if (this.#plan.joinsAtUs !== undefined)
      this.#queue.at(this.#beatUs + this.#plan.joinsAtUs, () => this.#join('listener', 2));
    this.#queue.runUntil(this.#beatUs + this.#plan.untilUs);
    for (const { heard, notes } of this.#members.values())
      for (const each of notes.values()) heard.foretold += each.foretold;
    return { drummer: drummer.heard, listener: this.#heardBy('listener') };
  }

  #heardBy(name: string): Heard {
    const found = [...this.#members.values()].find((member) => member.name === name);
    if (found === undefined) throw new Error(`${name} never joined: let the room go on longer.`);
    return found.heard;
  }

  #join(name: string, number: number): Member {
    const claim = { room: 'attic', player: name, expiresAtUs: BORN_US + 36e9 };
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, claim);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.ok ? token.value : '',
      roomKey: new Uint8Array(32).fill(3),
      packetFrames: FRAMES,
      redundancyOffsets: [1],
      startWhenPlayers: 1,
      joinIdBytes: new Uint8Array(16).fill(number),
      epoch: number,
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    const click = new RoomClick();
    click.setMode(this.#plan.click);
    const member: Member = {
      name,
      session: session.value,
      link: new SlottedLink(this.#queue, this.#plan.network, name, this.#endUs),
      click,
      notes: new Map(),
      heard: { strokes: [], clicksUs: [], foretold: 0, sounding: new Set() },
      lastClick: Number.NEGATIVE_INFINITY,
    };
    this.#members.set(`10.0.0.${number}:9`, member);
    this.#turn(member);
    return member;
  }

  get #nowUs(): number {
    return BORN_US + this.#queue.nowUs;
  }

  #setBeat({ session }: Member): void {
    const { tempoMilliBpm } = this.#plan;
    const beat = { id: 1, atSample: BEAT_AT_SAMPLE, bar: 0, tempoMilliBpm, beatsPerBar: 4, isRunning: true };
    const set = session.setTimeline(this.#nowUs, beat);
    if (!set.ok) throw new Error(set.message);
    this.#beatUs =
      session.localTimeUs(session.startAtUs) - BORN_US + (BEAT_AT_SAMPLE / limits.SAMPLE_RATE_HZ) * 1e6;
  }

  #schedule({ session, click }: Member, { pitch, velocity, atUs }: Stroke): void {
    const send = (delayUs: number, message: Uint8Array): void =>
      this.#queue.at(this.#beatUs + atUs + delayUs, () => {
        const sent = session.sendMidi(this.#nowUs, message);
        if (sent.ok) click.note(message, sent.value);
      });
    send(0, Uint8Array.of(0x90 | DRUMS, pitch, velocity));
    send(NOTE_US, Uint8Array.of(0x80 | DRUMS, pitch, 0));
  }

  /** A period of the member's card. */
  #turn(member: Member): void {
    member.session.tick(this.#nowUs);
    this.#settle(member);
    this.#play(member);
    this.#queue.at(this.#queue.nowUs + PERIOD_US, () => this.#turn(member));
  }

  #play(member: Member): void {
    const { session, click } = member;
    if (session.startAtUs === 0) return;
    const startUs = session.localTimeUs(session.startAtUs);
    for (const remote of session.players) this.#notesOf(member, remote).play(this.#nowUs, startUs, null);
    const mix = new Float32Array(FRAMES);
    const sample = session.sampleAt(this.#nowUs);
    click.metronome.addTo(mix, sample, session.timeline);
    for (let i = 0; i < FRAMES; i++) {
      if (mix[i] === 0) continue;
      if (sample + i - member.lastClick > CLICK_APART)
        member.heard.clicksUs.push(this.#fromBeatUs(sample + i));
      member.lastClick = sample + i;
    }
  }

  #fromBeatUs(sample: number): number {
    return ((sample - BEAT_AT_SAMPLE) / limits.SAMPLE_RATE_HZ) * 1e6;
  }

  #notesOf({ session, notes, heard, click }: Member, remote: RemotePlayer): HeardNotes {
    const known = notes.get(remote);
    if (known !== undefined) return known;
    const timeline = this.#plan.hasForecast ? session.timeline : new BeatTimeline();
    const sink = ([status = 0, pitch = 0]: Uint8Array): void => {
      if ((status & 0xf0) !== 0x90) heard.sounding.delete(pitch);
      else {
        heard.sounding.add(pitch);
        heard.strokes.push({ pitch, atUs: this.#queue.nowUs - this.#beatUs });
      }
    };
    const { newForecaster } = this.#plan;
    const after = (us: number, run: () => void): void => this.#queue.at(this.#queue.nowUs + us, run);
    const forecaster = newForecaster && (() => newForecaster(after));
    const made = new HeardNotes(
      remote,
      new RoomForecast(timeline, forecaster),
      sink,
      ({ message, atSample }) => click.note(message, atSample),
    );
    notes.set(remote, made);
    return made;
  }

  #settle(member: Member): void {
    const { outgoing, events } = member.session;
    const address = [...this.#members].find(([, each]) => each === member)?.[0] ?? '';
    const isGone = this.#queue.nowUs - this.#beatUs >= (this.#plan.vanishesAtUs ?? Number.POSITIVE_INFINITY);
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift()) {
      if (isGone && member.name === 'drummer') continue;
      member.link.carry(next.bytes, (arrived) => {
        this.#relay.datagram(this.#nowUs, address, arrived);
        this.#drainRelay();
      });
    }
    while (events.shift() !== undefined);
  }

  #drainRelay(): void {
    const { outgoing } = this.#relay;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift()) {
      const member = this.#members.get(next.to);
      member?.link.carry(next.bytes, (arrived) => {
        member.session.datagram(this.#nowUs, arrived, '');
        this.#settle(member);
      });
    }
  }

  #tickRelay(): void {
    this.#relay.tick(this.#nowUs);
    this.#drainRelay();
    this.#queue.at(this.#queue.nowUs + RELAY_TICK_US, () => this.#tickRelay());
  }
}
