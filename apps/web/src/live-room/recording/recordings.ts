import { splitToken } from '@jamnet/toast';
import { kindsOf } from '../consent.ts';
import { RoomRefusal } from '../room-api.ts';
import type { RoomLook, RoomTake } from './archive-door.ts';
import type {
  ExportFormat,
  FromRecorder,
  KeptTake,
  RecorderFailure,
  ToRecorder,
} from './recorder-messages.ts';
import type { RecordingReport } from './room-recorder.ts';
import type { TakePicture } from './take-picture.ts';
import type { TrackSound } from './track-sound.ts';

/** How often a page in a room asks what the room has: the others hear of a recording so much later at most. */
const LOOK_EVERY_MS = 2_000;
/** An engine that does not end its recording by then is gone, sooner when it was left; what it gave is all there is. */
const END_WITHIN_MS = { inside: 60_000, left: 3_000 } as const;
/** What waiting may mend: tried again with each look that succeeds. */
const MENDED_BY_WAITING = ['unreachable', 'room-sends-too-much', 'chunks-waiting-too-many', 'chunks-missing'];

/** A thread of the recorder. */
export interface RecorderThread {
  post(message: ToRecorder, transfer?: readonly Transferable[]): void;
  listen(listener: (message: FromRecorder) => void): void;
}

/** What lies outside: threads, studio, timers. */
export interface RecordingsParts {
  /** Begins a thread; kept for as long as the page lives. */
  readonly thread: () => RecorderThread;
  readonly look: (ticket: string) => Promise<RoomLook>;
  readonly setRecording: (ticket: string, isOn: boolean) => Promise<RoomLook['recording']>;
  /** The engine records into the port, until it is told to end. */
  readonly startEngine: (port: MessagePort, done: SharedArrayBuffer) => void;
  readonly endEngine: () => void;
  /** Calls again and again, or once; the answer stops it. */
  readonly every: (ms: number, act: () => void) => () => void;
  readonly after: (ms: number, act: () => void) => () => void;
  /** Hands a file to the person. */
  readonly save: (file: Blob, fileName: string) => void;
}

export interface Seat {
  readonly room: string;
  readonly player: string;
  readonly joinToken: string;
  /** A sum of TOAST's `CONSENT`. */
  readonly consent: number;
  /** Has an instrument: who only listens begins a recording by hand alone. */
  readonly plays: boolean;
}

/** A take as the page shows it once it was asked to. */
export type OpenedTake =
  | { readonly share: number }
  | { readonly picture: TakePicture }
  | { readonly failure: RecorderFailure };

/** A take's sound once somebody wanted to hear it. */
export type TakeSound =
  | { readonly share: number }
  | { readonly tracks: readonly TrackSound[] }
  | { readonly failure: RecorderFailure };

export interface RecordingsState {
  /** Of this page's own recording. */
  readonly phase: 'idle' | 'starting' | 'recording' | 'ending';
  /** That of the room, whoever began it. */
  readonly running: RoomLook['recording'];
  readonly report: RecordingReport | null;
  /** Null until the studio was asked. */
  readonly takes: readonly RoomTake[] | null;
  readonly kept: readonly KeptTake[];
  readonly sending: { readonly name: string; readonly share: number } | null;
  readonly opened: Readonly<Record<string, OpenedTake>>;
  readonly sounds: Readonly<Record<string, TakeSound>>;
  /** What went wrong last with recording or sending. */
  readonly failure: RecorderFailure | null;
  readonly seat: Seat | null;
}

export const NO_RECORDINGS: RecordingsState = {
  phase: 'idle',
  running: null,
  report: null,
  takes: null,
  kept: [],
  sending: null,
  opened: {},
  sounds: {},
  failure: null,
  seat: null,
};

/** Recordings of the room as one page has them: begins and ends its own with the room's, sends what it keeps, shows what there is. */
export class Recordings {
  #state: RecordingsState = NO_RECORDINGS;
  readonly #parts: RecordingsParts;
  readonly #changed: () => void;
  /** Writes while music plays; the other reads, sends and exports, which takes whole seconds. */
  #writer: RecorderThread | null = null;
  #keeper: RecorderThread | null = null;
  #enginePort: { readonly port: MessagePort; readonly done: SharedArrayBuffer } | null = null;
  #ticket = '';
  #stopLooking: () => void = () => undefined;
  #stopWaiting: () => void = () => undefined;
  /** The room's recording that this page has joined, or that its player does not want it to join again. */
  #answeredUs = -1;
  #isInside = false;
  #isLooking = false;
  /** Grows with each press, and again with its answer: what was asked before says nothing of what came after. */
  #presses = 0;

  constructor(parts: RecordingsParts, changed: () => void) {
    this.#parts = parts;
    this.#changed = changed;
  }

  get state(): RecordingsState {
    return this.#state;
  }

  enter(seat: Seat): void {
    const token = splitToken(seat.joinToken);
    if (!token.ok) return;
    this.#ticket = token.value.wire;
    this.#isInside = true;
    this.#answeredUs = -1;
    this.#change({ seat, failure: null });
    this.#stopLooking();
    this.#stopLooking = this.#parts.every(LOOK_EVERY_MS, () => void this.#look());
    void this.#look();
    this.#keep().post({ type: 'look' });
  }

  /** Out of the room: what was recorded is closed and sent, and the list stays. */
  left(): void {
    const { running, seat } = this.#state;
    this.#isInside = false;
    this.#change({ report: null });
    // The studio would end it as soon as it misses whoever began it.
    if (running !== null && running.by === seat?.player)
      this.#parts.setRecording(this.#ticket, false).catch(() => undefined);
    if (this.#state.phase !== 'idle') this.#end();
  }

  /** The engine's word about the recording, with each of its reports. */
  note(report: RecordingReport | null): void {
    if (report === null && this.#state.report === null) return;
    this.#change({ report });
    // It ends by itself at its limit.
    if (report === null && this.#state.phase === 'recording') this.#end();
  }

  /** Begins or ends the recording of all in the room. */
  async press(isOn: boolean): Promise<void> {
    this.#presses++;
    try {
      this.#change({ failure: null });
      const running = await this.#parts.setRecording(this.#ticket, isOn);
      this.#presses++;
      this.#change({ running });
      if (isOn) this.#begin(running?.sinceUs ?? -1);
      else if (this.#state.phase !== 'idle') this.#end();
    } catch (error) {
      this.#change({ failure: reasonOf(error) });
    }
  }

  send(name: string): void {
    if (this.#state.sending !== null) return;
    this.#change({ sending: { name, share: 0 }, failure: null });
    this.#keep().post({ type: 'send', name, ticket: this.#ticket });
  }

  discard(name: string): void {
    this.#keep().post({ type: 'discard', name });
  }

  open(id: string): void {
    this.#open(id, { share: 0 });
    this.#keep().post({ type: 'open', id, ticket: this.#ticket });
  }

  close(id: string): void {
    const { [id]: _, ...others } = this.#state.opened;
    this.#change({ opened: others });
  }

  /** Makes the take's sound ready to be played. */
  listen(id: string, tracks: number): void {
    this.#sound(id, { share: 0 });
    this.#keep().post({ type: 'listen', id, ticket: this.#ticket, tracks });
  }

  /** The take's sound is not wanted any more. */
  hush(id: string): void {
    const { [id]: sound, ...others } = this.#state.sounds;
    if (sound === undefined) return;
    this.#change({ sounds: others });
    this.#keep().post({ type: 'hush', id });
  }

  export(id: string, track: number, format: ExportFormat): void {
    this.#keep().post({ type: 'export', id, ticket: this.#ticket, track, format });
  }

  async #look(): Promise<void> {
    // Answers that overtake each other would tell the room's past.
    if (this.#isLooking) return;
    this.#isLooking = true;
    const presses = this.#presses;
    try {
      const { takes, recording } = await this.#parts.look(this.#ticket);
      const isSame = JSON.stringify(takes) === JSON.stringify(this.#state.takes);
      if (!isSame) this.#change({ takes });
      if (presses === this.#presses) {
        this.#change({ running: recording });
        this.#followRoom();
      }
      this.#sendNext();
    } catch (error) {
      // The rest goes on: a studio that does not answer is asked again.
      if (this.#state.takes === null) this.#change({ failure: reasonOf(error) });
    } finally {
      this.#isLooking = false;
    }
  }

  /** Whoever agreed and plays records with the room; when the room ends its recording, so does every page. */
  #followRoom(): void {
    const { running, phase, seat } = this.#state;
    if (running === null && phase === 'recording') this.#end();
    if (running === null || phase !== 'idle' || !this.#isInside || seat === null) return;
    if (seat.plays && kindsOf(seat.consent).includes('record') && running.sinceUs !== this.#answeredUs)
      this.#begin(running.sinceUs);
  }

  #begin(sinceUs: number): void {
    if (this.#state.phase !== 'idle' || !this.#isInside) return;
    this.#answeredUs = sinceUs;
    this.#change({ phase: 'starting' });
    const { port1, port2 } = new MessageChannel();
    const done = new SharedArrayBuffer(4);
    this.#enginePort = { port: port1, done };
    this.#write().post({ type: 'begin', port: port2, done }, [port2]);
  }

  #end(): void {
    if (this.#state.phase === 'ending') return;
    this.#change({ phase: 'ending', report: null });
    this.#parts.endEngine();
    this.#stopWaiting();
    this.#stopWaiting = this.#parts.after(this.#isInside ? END_WITHIN_MS.inside : END_WITHIN_MS.left, () =>
      this.#write().post({ type: 'finish' }),
    );
  }

  #write(): RecorderThread {
    this.#writer ??= this.#thread();
    return this.#writer;
  }

  #keep(): RecorderThread {
    this.#keeper ??= this.#thread();
    return this.#keeper;
  }

  #thread(): RecorderThread {
    const thread = this.#parts.thread();
    thread.listen((message) => this.#take(message));
    return thread;
  }

  #take(message: FromRecorder): void {
    switch (message.type) {
      case 'begun':
        this.#begun();
        break;
      case 'written':
        this.#stopWaiting();
        this.#change({ phase: 'idle', report: null });
        this.#keep().post({ type: 'look' });
        break;
      case 'unwritten':
        this.#change({ failure: { code: message.code, message: message.message } });
        if (this.#state.phase === 'recording') this.#end();
        else this.#change({ phase: 'idle' });
        break;
      case 'kept':
        this.#change({ kept: message.takes });
        this.#sendNext();
        break;
      case 'sending':
        this.#change({ sending: { name: message.name, share: message.share } });
        break;
      case 'sent':
        this.#change({
          sending: null,
          failure: null,
          kept: this.#state.kept.filter(({ name }) => name !== message.name),
        });
        void this.#look();
        break;
      case 'unsent':
        this.#change({ sending: null, failure: { code: message.code, message: message.message } });
        break;
      case 'opening':
        if ('share' in (this.#state.opened[message.id] ?? {}))
          this.#open(message.id, { share: message.share });
        break;
      case 'opened':
        this.#open(message.id, { picture: message.picture });
        break;
      case 'exported':
        this.#parts.save(message.file, message.fileName);
        break;
      case 'unopened':
        this.#open(message.id, { failure: { code: message.code, message: message.message } });
        break;
      case 'unpacking':
        if ('share' in (this.#state.sounds[message.id] ?? {}))
          this.#sound(message.id, { share: message.share });
        break;
      case 'audible':
        if (this.#state.sounds[message.id] !== undefined) this.#sound(message.id, { tracks: message.tracks });
        break;
      case 'inaudible':
        this.#sound(message.id, { failure: { code: message.code, message: message.message } });
    }
  }

  #begun(): void {
    const engine = this.#enginePort;
    this.#enginePort = null;
    if (engine === null) return;
    if (this.#state.phase !== 'starting') {
      this.#write().post({ type: 'finish' });
      return;
    }
    this.#change({ phase: 'recording' });
    this.#parts.startEngine(engine.port, engine.done);
  }

  /** Sends what this page's player recorded in this room; the others wait until their players come. */
  #sendNext(): void {
    const { sending, kept, seat, failure } = this.#state;
    if (sending !== null || seat === null || this.#ticket === '') return;
    if (failure !== null && !MENDED_BY_WAITING.includes(failure.code)) return;
    const next = kept.find(({ room, recorder }) => room === seat.room && recorder === seat.player);
    if (next !== undefined) this.send(next.name);
  }

  #open(id: string, take: OpenedTake): void {
    this.#change({ opened: { ...this.#state.opened, [id]: take } });
  }

  #sound(id: string, sound: TakeSound): void {
    this.#change({ sounds: { ...this.#state.sounds, [id]: sound } });
  }

  #change(change: Partial<RecordingsState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}

function reasonOf(error: unknown): RecorderFailure {
  return error instanceof RoomRefusal
    ? { code: error.code, message: error.message }
    : { code: 'unreachable', message: '' };
}
