import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../config/write-whole.ts';
import type { TakeVariant, TakeView } from '../live/studio-state.ts';
import { TakeArchive } from './take-archive.ts';

/** Files of one take, named by what they hold. */
const WAV: Record<TakeVariant, string> = { sent: 'sent.wav', heard: 'heard.wav', repaired: 'repaired.wav' };

/** Ids are content hashes: anything else never reaches a path. */
const TAKE_ID = /^[0-9a-f]{32,64}$/;

/** Takes on disk, one folder each, named by the take's content hash. */
export class TakeStore {
  readonly #directory: string;
  /** Whole multitrack takes. */
  readonly archive: TakeArchive;
  readonly #onBroken: (message: string) => void;
  /** Each is told once. */
  readonly #told = new Set<string>();

  /** `nowMs`: the time by which torn uploads are old; `onBroken` hears of takes whose `take.json` cannot be read. */
  constructor(
    directory: string,
    nowMs: () => number,
    onBroken: (message: string) => void = (message) => void process.stderr.write(`${message}\n`),
  ) {
    this.#directory = directory;
    this.#onBroken = onBroken;
    mkdirSync(directory, { recursive: true });
    this.archive = new TakeArchive(join(directory, 'archive'), nowMs);
  }

  /** Folder of a take; `null` for an id that is no content hash or that is not there. */
  folder(id: string): string | null {
    if (!TAKE_ID.test(id)) return null;
    const folder = join(this.#directory, id);
    return existsSync(folder) ? folder : null;
  }

  /** Creates the folder of a new take, or answers the one that is there. */
  createFolder(id: string): string {
    if (!TAKE_ID.test(id)) throw new TypeError(`"${id}" is no take id`);
    const folder = join(this.#directory, id);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Path of one variant's WAV, or `null` where the take or the variant is not there. */
  wavFile(id: string, variant: TakeVariant): string | null {
    const folder = this.folder(id);
    if (folder === null) return null;
    const file = join(folder, WAV[variant]);
    return existsSync(file) ? file : null;
  }

  writeView(view: TakeView): void {
    writeWhole(join(this.createFolder(view.id), 'take.json'), JSON.stringify(view));
  }

  /** All takes that were completed, in the order of their ids; a broken one hides no other. */
  views(): TakeView[] {
    return readdirSync(this.#directory)
      .sort()
      .flatMap((id) => {
        const file = join(this.#directory, id, 'take.json');
        if (!existsSync(file)) return [];
        const view = readView(file, id);
        if (view !== null) return [view];
        if (!this.#told.has(id))
          this.#onBroken(`take ${id} is left out: ${file} is no take. Restore it, or remove its folder.`);
        this.#told.add(id);
        return [];
      });
  }
}

/** What `writeView` wrote; `null` where the disk, or somebody, made something else of it. */
function readView(file: string, id: string): TakeView | null {
  try {
    const view = JSON.parse(readFileSync(file, 'utf8')) as Partial<TakeView> | null;
    const isWhole = view?.id === id && Array.isArray(view.variants) && Array.isArray(view.spans);
    // Its other members were written in the same stroke.
    return isWhole ? (view as TakeView) : null;
  } catch {
    return null;
  }
}

export function isTakeVariant(text: string): text is TakeVariant {
  return text === 'sent' || text === 'heard' || text === 'repaired';
}
