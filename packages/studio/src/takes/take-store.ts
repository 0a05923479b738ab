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

  /** `nowMs`: the time by which torn uploads are old. */
  constructor(directory: string, nowMs: () => number) {
    this.#directory = directory;
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

  /** All takes that were completed, in the order of their ids. */
  views(): TakeView[] {
    return readdirSync(this.#directory)
      .sort()
      .flatMap((id) => {
        const file = join(this.#directory, id, 'take.json');
        // Written by writeView of this or an earlier run of the same program.
        return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as TakeView] : [];
      });
  }
}

export function isTakeVariant(text: string): text is TakeVariant {
  return text === 'sent' || text === 'heard' || text === 'repaired';
}
