import { decodeUtf8, encodeUtf8 } from '@jamnet/base';
import type { Bus } from '@jamnet/bus';
import { parseStudioMessage, type StudioMessage } from '@jamnet/mesh';

const SUBJECT = 'mesh.news';
/** Ids of one message: 66 characters each, within what a bus takes. */
const TASKS_PER_MESSAGE = 500;

/** What a coordinator does with the news of others. */
export interface NewsReader {
  workWaiting(tasks: number): void;
  /** Tasks accepted or given up. */
  done(tasks: readonly string[]): void;
  /** A word for a node, which may be connected here. */
  tell(node: string, message: StudioMessage): void;
}

/**
 * What several coordinators on one store tell each other. It is news and no truth: who misses it finds out from the store,
 * later. Whoever can connect to the bus can make nodes ask for work and read words; results and pay do not follow from it.
 */
export class MeshNews {
  readonly #bus: Bus;
  /** Of this coordinator, to know its own news by. */
  readonly #from: string;
  readonly #stop: () => void;

  constructor(bus: Bus, from: string, reader: NewsReader) {
    this.#bus = bus;
    this.#from = from;
    const subscribed = bus.subscribe(SUBJECT, (bytes) => this.#take(bytes, reader));
    this.#stop = subscribed.ok ? subscribed.value : () => {};
  }

  workWaiting(tasks: number): void {
    this.#publish({ tasks });
  }

  done(tasks: readonly string[]): void {
    for (let start = 0; start < tasks.length; start += TASKS_PER_MESSAGE)
      this.#publish({ done: tasks.slice(start, start + TASKS_PER_MESSAGE) });
  }

  tell(node: string, message: StudioMessage): void {
    this.#publish({ node, message: JSON.stringify(message) });
  }

  close(): void {
    this.#stop();
  }

  #publish(news: Readonly<Record<string, unknown>>): void {
    this.#bus.publish(SUBJECT, encodeUtf8(JSON.stringify({ from: this.#from, ...news })));
  }

  /** Whatever is not of this form is no news. */
  #take(bytes: Uint8Array, reader: NewsReader): void {
    const news = parse(bytes);
    if (!news || news.from === this.#from) return;
    const { tasks, done, node, message } = news;
    if (typeof tasks === 'number' && tasks > 0) reader.workWaiting(tasks);
    if (Array.isArray(done)) reader.done(done.filter((id) => typeof id === 'string'));
    if (typeof node !== 'string' || typeof message !== 'string') return;
    const checked = parseStudioMessage(message);
    if (checked.ok) reader.tell(node, checked.value);
  }
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
