import { StreamsToTracks, type TapeMessage } from '@jamnet/jdat';
import { limits } from '@jamnet/toast';
import type { ByteFile } from './byte-file.ts';
import { OpenTake } from './open-take.ts';

type Begun = Extract<TapeMessage, { type: 'begin' }>;

/** Writes what the engine gives away into a take. */
export class TapeWriter {
  readonly #file: ByteFile;
  #take: OpenTake | null = null;
  #streams: StreamsToTracks | null = null;
  #begun: Begun | null = null;
  /** What held last, for a take that has not begun yet. */
  #beats: Extract<TapeMessage, { type: 'beats' }>['entries'] = [];
  isEnded = false;

  constructor(file: ByteFile) {
    this.#file = file;
  }

  take(message: TapeMessage): void {
    if (this.isEnded) return;
    switch (message.type) {
      case 'begin':
        this.#begun = message;
        break;
      case 'packets':
        this.#tracks()?.packets(message.stream, message.packets);
        break;
      case 'over':
        this.#streams?.over(message.stream, message.packets);
        break;
      case 'note':
        this.#tracks()?.note(message.stream, message.atSample, message.message);
        break;
      case 'beats':
        this.#beats = message.entries;
        for (const entry of message.entries) this.#take?.writer.beat(entry);
        break;
      case 'end':
        this.finish();
        break;
      case 'ear':
        // A page keeps packets and what filled their holes, not the ear's sound beside them.
        break;
    }
  }

  /** The take is begun with its first sound: where nobody lets himself be recorded there is none. */
  #tracks(): StreamsToTracks | null {
    if (this.#streams !== null || this.#begun === null) return this.#streams;
    const { room, player, startedAtUs } = this.#begun;
    this.#take = OpenTake.create(this.#file, {
      jdat: 2,
      room,
      recorder: player,
      sampleRateHz: limits.SAMPLE_RATE_HZ,
      startedAtUs: BigInt(Math.round(startedAtUs)),
    });
    for (const entry of this.#beats) this.#take.writer.beat(entry);
    this.#streams = new StreamsToTracks(this.#take.writer, player);
    return this.#streams;
  }

  flush(): void {
    this.#take?.flush();
  }

  finish(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#take?.finish();
  }

  /** Nothing was recorded. */
  get isEmpty(): boolean {
    return this.#take === null;
  }
}
