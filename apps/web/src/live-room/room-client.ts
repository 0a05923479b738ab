import type { ClickMode } from '@jamnet/jambox/music';
import { AudioRefusal, openRoomAudio, type RoomAudio, type SoundSource } from './audio/room-audio.ts';
import type { BeatWish, FromWorker, PathKind, RoomReport, ToWorker } from './messages.ts';
import { MIDI_OFF, MidiCables, type MidiState } from './midi/midi-cables.ts';
import { type OfferedChannel, offerChannel } from './paths/offer-channel.ts';
import { faultOf } from './paths/path-fault.ts';
import { pageRecordings } from './recording/page-recordings.ts';
import { NO_RECORDINGS, type RecordingsState } from './recording/recordings.ts';
import { enterRoom, RoomRefusal, signalOffer } from './room-api.ts';

export interface PathTry {
  readonly kind: PathKind;
  readonly state: 'trying' | 'open' | 'failed';
  readonly reason: string;
}

export interface RoomState {
  readonly phase: 'outside' | 'entering' | 'inside' | 'over';
  /** A code of ours, of the studio, the relay or the browser; empty while all is well. */
  readonly code: string;
  /** The studio's own sentence, where it gave one. */
  readonly message: string;
  readonly tries: readonly PathTry[];
  /** Has, or asked for, a listener's seat. */
  readonly listens: boolean;
  readonly report: RoomReport | null;
  /** The page's own sound card, ms. */
  readonly outputMs: number;
  readonly quantumFrames: number;
  readonly isMuted: boolean;
  /** The click of the shared beat, in this page alone. */
  readonly click: ClickMode;
  readonly midi: MidiState;
  readonly recordings: RecordingsState;
  readonly gains: Readonly<Record<string, number>>;
}

export interface JoinWish {
  readonly invitation: string;
  readonly player: string;
  readonly source: SoundSource;
  /** Takes a listener's seat: sends neither sound nor notes. */
  readonly listens: boolean;
  readonly followDrift: boolean;
  /** A sum of TOAST's `CONSENT`. */
  readonly consent: number;
}

const OUTSIDE: RoomState = {
  phase: 'outside',
  code: '',
  message: '',
  tries: [],
  listens: false,
  report: null,
  outputMs: 0,
  quantumFrames: 0,
  isMuted: false,
  click: 'off',
  midi: MIDI_OFF,
  recordings: NO_RECORDINGS,
  gains: {},
};

/** One page's stay in a room: sound card, worker and the door, behind a state that views read. */
export class RoomClient {
  #state: RoomState = OUTSIDE;
  readonly #watchers = new Set<() => void>();
  #audio: RoomAudio | null = null;
  #worker: Worker | null = null;
  #channel: OfferedChannel | null = null;
  #wish: JoinWish | null = null;
  readonly midi = new MidiCables(
    (message) => this.#tell({ type: 'midi', message }),
    () => this.#change({ midi: this.midi.state }),
  );
  readonly recordings = pageRecordings(
    {
      startEngine: (port, done) => this.#tell({ type: 'record', port, done }, [port]),
      endEngine: () => this.#tell({ type: 'record-end' }),
    },
    () => this.#change({ recordings: this.recordings.state }),
  );

  get state(): RoomState {
    return this.#state;
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  async join(wish: JoinWish): Promise<void> {
    this.#letGo();
    this.#wish = wish;
    const { listens } = wish;
    this.#change({ ...OUTSIDE, recordings: this.recordings.state, phase: 'entering', listens });
    try {
      // The microphone first: whoever refuses it has not entered.
      this.#audio = await openRoomAudio(wish.source);
      const answer = await enterRoom(wish.invitation, wish.player, keptKey(wish.player));
      keepKey(wish.player, answer.returnKey);
      this.#change({ quantumFrames: this.#audio.quantumFrames, outputMs: this.#audio.outputMs() });
      const { capture, playout } = this.#audio;
      this.#start();
      this.#tell({
        type: 'join',
        answer,
        capture,
        playout,
        hostname: location.hostname,
        socketOrigin: location.origin.replace(/^http/, 'ws'),
        followDrift: wish.followDrift,
        hasSource: wish.source.kind !== 'none',
        listens,
        consent: wish.consent,
      });
      const { room, player, joinToken } = answer;
      const plays = wish.source.kind !== 'none';
      this.recordings.enter({ room, player, joinToken, consent: wish.consent, plays });
    } catch (error) {
      const code =
        error instanceof AudioRefusal || error instanceof RoomRefusal ? error.code : 'audio-failed';
      this.#over(code, error instanceof RoomRefusal ? error.message : '');
    }
  }

  /** Into a listener's seat, where no player's was left. */
  async listen(): Promise<void> {
    if (this.#wish === null) return;
    await this.join({ ...this.#wish, source: { kind: 'none' }, listens: true, consent: 0 });
  }

  leave(): void {
    // While the worker still carries them: notes that are held end with us.
    this.midi.close();
    if (this.#worker === null) this.#over('left', '');
    else this.#tell({ type: 'leave' });
  }

  mute(isMuted: boolean): void {
    this.#change({ isMuted });
    this.#tell({ type: 'mute', isMuted });
  }

  setBeat(wish: BeatWish): void {
    this.#tell({ type: 'beat', wish });
  }

  setClick(mode: ClickMode): void {
    this.#change({ click: mode });
    this.#tell({ type: 'click', mode });
  }

  setGain(player: string, gain: number): void {
    this.#change({ gains: { ...this.#state.gains, [player]: gain } });
    this.#tell({ type: 'gain', player, gain });
  }

  #start(): void {
    const worker = new Worker(new URL('./engine/room-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#take(data);
    worker.onerror = () => this.#over('page-outdated', '');
    this.#worker = worker;
  }

  #tell(message: ToWorker, transfer: readonly Transferable[] = []): void {
    this.#worker?.postMessage(message, [...transfer]);
  }

  #take(message: FromWorker): void {
    if (message.type === 'report') {
      const [inputMs, outputMs] = [this.#audio?.inputMs() ?? 0, this.#audio?.outputMs() ?? 0];
      // Latencies settle while the card runs: the worker hears of them as often as we do.
      this.#tell({ type: 'card', inputMs, outputMs });
      this.#change({ phase: 'inside', report: message.report, outputMs });
      this.recordings.note(message.report.recording);
    } else if (message.type === 'midi') this.midi.play(message.message);
    else if (message.type === 'over') this.#over(message.code, '');
    else if (message.type === 'want-channel') this.#offer(message.ticket);
    else {
      const state =
        message.type === 'path-trying' ? 'trying' : message.type === 'path-open' ? 'open' : 'failed';
      const reason = message.type === 'path-failed' ? message.reason : '';
      const others = this.#state.tries.filter(({ kind }) => kind !== message.kind);
      this.#change({ tries: [...others, { kind: message.kind, state, reason }] });
    }
  }

  #offer(ticket: string): void {
    const failed = (reason: string): void => this.#tell({ type: 'channel-failed', reason });
    this.#channel?.close();
    try {
      const channel = offerChannel((sdp) => signalOffer(ticket, sdp), failed);
      this.#channel = channel;
      this.#tell({ type: 'channel', channel: channel.channel }, channel.transfer);
    } catch (error) {
      failed(faultOf(error));
    }
  }

  #over(code: string, message: string): void {
    this.recordings.left();
    this.#letGo();
    const tries = this.#state.tries.filter(({ state }) => state === 'failed');
    this.#change({ phase: 'over', code, message, tries, report: null });
  }

  #letGo(): void {
    this.midi.close();
    this.#worker?.terminate();
    this.#channel?.close();
    this.#audio?.close();
    this.#worker = null;
    this.#channel = null;
    this.#audio = null;
  }

  #change(change: Partial<RoomState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

/** The key that gives this browser its name back; without storage the name is simply taken until the studio forgets it. */
function keptKey(player: string): string {
  try {
    return localStorage.getItem(`jamnet-name-${player}`) ?? '';
  } catch {
    return '';
  }
}

function keepKey(player: string, key: string): void {
  try {
    localStorage.setItem(`jamnet-name-${player}`, key);
  } catch {
    // Storage is switched off.
  }
}
