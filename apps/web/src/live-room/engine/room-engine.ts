import { HeardNotes, RoomClick, RoomForecast } from '@jamnet/jambox/music';
import type { TapePort } from '@jamnet/jdat';
import { limits, type PeerSession, type RemotePlayer } from '@jamnet/toast';
import { SteadyAdvice } from '../advice/steady-advice.ts';
import type { SharedRing } from '../audio/shared-ring.ts';
import type { BeatReport, BeatWish, PathKind, PlayerReport, RoomReport } from '../messages.ts';
import type { PagePath } from '../paths/page-path.ts';
import { RoomRecorder, type RoomRecorderOptions } from '../recording/room-recorder.ts';
import type { StreamProver } from '../seal/stream-prover.ts';
import { Cushion } from './cushion.ts';
import { HeardPlayer } from './heard-player.ts';

/** Captured sound that waits longer than this when the room starts is older than the room. */
const BACKLOG_PACKETS_MAX = 24;
/** Half a second: every peer hears of a beat before it begins. */
const BEAT_LEAD_FRAMES = 24_000;

export interface EngineOptions {
  readonly session: PeerSession;
  /** Signs and checks streams where the session leaves it to us. */
  readonly prover: StreamProver | null;
  readonly capture: SharedRing;
  readonly playout: SharedRing;
  readonly packetFrames: number;
  readonly followDrift: boolean;
  /** The page has a source: without one it sends no sound, which would be silence at the price of music. */
  readonly hasSource: boolean;
  /** Packets until the last copy of a lost one comes. */
  readonly reach: number;
  /** UTC µs of this machine, never stepping back. */
  readonly nowUs: () => number;
  readonly over: (code: string) => void;
  /** What another player's keys do. */
  readonly midi: (message: Uint8Array) => void;
  /** 32 random bits. */
  readonly newId: () => number;
}

/** The worker's half of the room: whenever the card has captured a packet, one packet goes out and one is made for the ear. */
export class RoomEngine {
  path: PagePath | null = null;
  isMuted = false;
  readonly click = new RoomClick();
  readonly #options: EngineOptions;
  readonly #heard = new Map<string, HeardPlayer>();
  readonly #notes = new WeakMap<RemotePlayer, HeardNotes>();
  readonly #gains = new Map<string, number>();
  readonly #cushion: Cushion;
  readonly #block: Float32Array;
  readonly #pcm: Int16Array;
  readonly #mix: Float32Array;
  #startUs = 0;
  #baseSample = -1;
  #peak = 0;
  #refused = 0;
  #cardFrames = 0;
  #recorder: RoomRecorder | null = null;
  readonly #advice: SteadyAdvice;
  readonly #settleProof = (): void => this.#settle();

  constructor(options: EngineOptions) {
    this.#options = options;
    const { packetFrames } = options;
    this.#cushion = new Cushion(packetFrames);
    this.#advice = new SteadyAdvice();
    this.#block = new Float32Array(packetFrames);
    this.#pcm = new Int16Array(packetFrames);
    this.#mix = new Float32Array(packetFrames);
  }

  packet(bytes: Uint8Array): void {
    this.#options.session.datagram(this.#options.nowUs(), bytes);
    this.#settle();
    this.#hearKeys();
  }

  tick(): void {
    this.#options.session.tick(this.#options.nowUs());
    this.#settle();
    this.#hearKeys();
  }

  setGain(player: string, gain: number): void {
    this.#gains.set(player, gain);
    for (const heard of this.#heard.values())
      if (heard.receiver.member.player === player) heard.setGain(gain);
  }

  /** The page's own card, ms: told to the others, and kept in mind where a click must be at the ear in time. */
  setCard(inputMs: number, outputMs: number): void {
    this.#options.session.inputUs = inputMs * 1000;
    this.#options.session.outputUs = outputMs * 1000;
    this.#cardFrames = ((inputMs + outputMs) * limits.SAMPLE_RATE_HZ) / 1000;
  }

  sendMidi(message: Uint8Array): void {
    const { session, nowUs } = this.#options;
    // Before the room has started a note has no place yet: it is not played.
    const sent = session.sendMidi(nowUs(), message);
    if (sent.ok) {
      this.#recorder?.sentNote(sent.value, message);
      this.click.note(message, sent.value);
    }
    this.#settle();
  }

  /** A beat that runs goes on counting its bars when its tempo changes, from the next bar on. */
  setBeat({ tempoBpm, beatsPerBar, isRunning }: BeatWish): void {
    const { session, nowUs, newId } = this.#options;
    const earliest = session.sampleAt(nowUs()) + BEAT_LEAD_FRAMES;
    const { timeline } = session;
    const running = isRunning ? timeline.nextBarSample(earliest) : null;
    const atSample = running ?? earliest;
    const bar = isRunning && running === null ? 0 : Math.floor(timeline.positionAt(atSample)?.bar ?? 0);
    const tempoMilliBpm = Math.round(tempoBpm * 1000);
    session.setTimeline(nowUs(), { id: newId(), atSample, bar, tempoMilliBpm, beatsPerBar, isRunning });
    this.tick();
  }

  /** Begins a recording; while one runs, or before the room has started, nothing. */
  record(who: Pick<RoomRecorderOptions, 'room' | 'player' | 'consent'>, port: TapePort): void {
    if (this.#recorder !== null || this.#startUs === 0) return;
    const { session, packetFrames } = this.#options;
    const startedAtUs = session.localTimeUs(this.#startUs);
    this.#recorder = new RoomRecorder({ ...who, packetFrames, startedAtUs }, port);
  }

  endRecording(): void {
    this.#recorder?.end();
    this.#recorder = null;
  }

  leave(): void {
    this.endRecording();
    this.#options.session.leave(this.#options.nowUs());
    this.#settle();
  }

  /** Handles every whole packet that the card has captured. */
  work(): void {
    const { capture, packetFrames } = this.#options;
    while (capture.filled >= packetFrames) {
      capture.read(this.#block);
      const nowUs = this.#options.nowUs();
      this.#send(nowUs);
      this.#play(nowUs);
    }
  }

  #send(nowUs: number): void {
    const { session, packetFrames, capture } = this.#options;
    for (let i = 0; i < packetFrames; i++) {
      const sample = this.#block[i] ?? 0;
      this.#peak = Math.max(this.#peak, Math.abs(sample));
      this.#pcm[i] = this.isMuted ? 0 : Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    }
    if (this.#startUs === 0 || !this.#options.hasSource) return;
    // A stream that has begun goes on while its relay is silent: its packets keep their places on the room's timeline.
    if (this.#baseSample < 0) {
      if (session.phase !== 'seated') return;
      const elapsedUs = session.roomTimeUs(nowUs) - this.#startUs;
      if (elapsedUs < session.packetUs) return;
      if (capture.filled > BACKLOG_PACKETS_MAX * packetFrames) return;
      this.#baseSample = Math.floor(elapsedUs / session.packetUs) * packetFrames;
    }
    if (!this.isMuted)
      this.click.sound(this, this.#block, this.#baseSample + session.packetsSent * packetFrames);
    session.sendAudio(nowUs, this.#pcm, this.#baseSample);
    this.#recorder?.sent(this.#pcm, this.#baseSample / packetFrames + session.packetsSent - 1);
    this.#settle();
  }

  #play(nowUs: number): void {
    this.#mix.fill(0);
    for (const heard of this.#heard.values()) {
      if (!heard.receiver.isPresent) continue;
      heard.addTo(this.#mix, nowUs);
      if (heard.roomSample >= 0) this.click.sound(heard, heard.out, heard.roomSample);
    }
    this.#hearKeys();
    this.#recorder?.follow(this.#heard.values());
    if (this.#recorder?.isFull) this.endRecording();
    const { playout, session } = this.#options;
    if (!this.#cushion.wantsAnother(playout, this.#mix)) return;
    // A click is at the ear when what is played on it will be captured with the beat's own sample.
    const sample = session.sampleAt(nowUs) + playout.filled + this.#cardFrames;
    this.click.metronome.addTo(this.#mix, sample, session.timeline);
    playout.write(this.#mix);
  }

  #settle(): void {
    const { session } = this.#options;
    for (let next = session.outgoing.shift(); next !== undefined; next = session.outgoing.shift())
      if (this.path !== null && !this.path.send(next.bytes)) this.#refused++;
    for (let event = session.events.shift(); event !== undefined; event = session.events.shift()) {
      if (event.kind === 'refused') this.#options.over(event.code);
      else if (event.kind === 'lost' || event.kind === 'left' || event.kind === 'superseded')
        this.#options.over(event.kind);
      else if (event.kind === 'start') this.#startUs = event.startAtUs;
      else if (event.kind === 'stream') this.#meet();
    }
    this.#options.prover?.work(session, this.#settleProof);
  }

  /** Plays everybody's notes in time; who sends sound has them heard with it. */
  #hearKeys(): void {
    const { session, nowUs } = this.#options;
    if (this.#startUs === 0) return;
    const startUs = session.localTimeUs(this.#startUs);
    for (const remote of session.players) {
      if (!remote.mayPlay) continue;
      const heard = this.#heard.get(remote.member.joinId);
      this.#notesOf(remote).play(nowUs(), startUs, heard?.soundHeard(nowUs(), startUs) ?? null);
    }
  }

  #notesOf(remote: RemotePlayer): HeardNotes {
    const known = this.#notes.get(remote);
    if (known !== undefined) return known;
    const { session, midi } = this.#options;
    const notes = new HeardNotes(
      remote,
      new RoomForecast(session.timeline),
      midi,
      ({ atSample, message }) => {
        this.#recorder?.note(remote.member.joinId, atSample, message);
        this.click.note(message, atSample);
      },
    );
    this.#notes.set(remote, notes);
    return notes;
  }

  #meet(): void {
    const { session, packetFrames, followDrift, reach } = this.#options;
    for (const { receiver, mayPlay } of session.players) {
      const { joinId, player } = receiver.member;
      // Of who only listens nothing comes: nothing needs to be made of it.
      if (!mayPlay || this.#heard.has(joinId)) continue;
      const heard = new HeardPlayer(receiver, packetFrames, followDrift, reach);
      heard.setGain(this.#gains.get(player) ?? 1);
      this.#heard.set(joinId, heard);
    }
    // Whoever came back has a new stream; the old one's is over.
    for (const [joinId, heard] of this.#heard)
      if (
        !heard.receiver.isPresent &&
        [...this.#heard.values()].some(
          (other) => other !== heard && other.receiver.member.player === heard.receiver.member.player,
        )
      ) {
        this.#recorder?.forget(heard);
        this.#heard.delete(joinId);
      }
  }

  report(path: PathKind): RoomReport {
    const { session, playout } = this.#options;
    const inputLevel = this.#options.hasSource ? this.#peak : null;
    this.#peak = 0;
    this.#recorder?.beats(session.timeline.entries);
    // Between the call to start and the first sample nothing has a place yet, a note neither.
    const hasStarted = this.#startUs !== 0 && session.sampleAt(this.#options.nowUs()) >= 0;
    return {
      phase: session.phase === 'joining' ? 'joining' : hasStarted ? 'playing' : 'waiting',
      path,
      roundTripMs: session.clock.roundTripUs / 1000,
      sentPackets: session.packetsSent,
      inputLevel,
      starved: playout.starved,
      refusedPackets: this.#refused,
      beat: this.#beat(),
      advice: this.#advice.look(session.report()),
      recording: this.#recorder?.report() ?? null,
      players: [...this.#heard.values()].map((heard) => this.#playerReport(heard)),
      listeners: session.players
        .filter(({ mayPlay, receiver }) => !mayPlay && receiver.isPresent)
        .map(({ member }) => member.player),
    };
  }

  #beat(): BeatReport | null {
    const { session, nowUs } = this.#options;
    const { timeline } = session;
    const sample = session.sampleAt(nowUs());
    // What comes next is shown before it holds: who set it sees that it was taken.
    const entry = timeline.entryAt(sample) ?? timeline.entries[0];
    if (entry === undefined) return null;
    const position = timeline.positionAt(sample);
    return {
      tempoBpm: entry.tempoMilliBpm / 1000,
      beatsPerBar: entry.beatsPerBar,
      isRunning: entry.isRunning,
      bar: position?.bar ?? 0,
      beat: Math.floor(position?.beat ?? 0),
      band: this.click.metronome.band,
    };
  }

  #playerReport(heard: HeardPlayer): PlayerReport {
    const { receiver, player } = heard;
    const remote = this.#options.session.players.find((each) => each.receiver === receiver);
    const { packets, recovered, concealed, late } = receiver.counters;
    const toMs = 1000 / limits.SAMPLE_RATE_HZ;
    return {
      player: receiver.member.player,
      isPresent: receiver.isPresent,
      consent: receiver.member.consent,
      stages: {
        inputMs: (remote?.inputUs ?? 0) / 1000,
        packetMs: this.#options.packetFrames * toMs,
        networkMs: receiver.transitUs / 1000,
        bufferMs: player.bufferUs / 1000 + heard.holdFrames * toMs,
        cushionMs: this.#options.playout.filled * toMs,
      },
      packets,
      lostPercent: packets === 0 ? 0 : (100 * (recovered + concealed)) / packets,
      recovered,
      concealed,
      late,
      foretold: (remote && this.#notes.get(remote)?.foretold) ?? 0,
      driftPpm: player.driftPpm,
      level: heard.takePeak(),
      isSigned: (remote?.verifier ?? null) !== null,
      verified: remote?.verifier?.verified ?? 0,
      forged: remote?.verifier?.forged ?? 0,
    };
  }
}
