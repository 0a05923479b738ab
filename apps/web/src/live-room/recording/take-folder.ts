import { Failure } from '@jamnet/base';
import type { ByteFile } from './byte-file.ts';

/** A file whose other end may be open elsewhere, in another tab. */
interface LockableHandle extends FileSystemFileHandle {
  /** In workers only; not among the page's types. */
  createSyncAccessHandle(): Promise<ByteFile>;
}

const FOLDER = 'jamnet-takes';

/** The browser's private folder for takes, by names; only in a worker. Every call may throw what the browser throws. */
export class TakeFolder {
  readonly #folder: FileSystemDirectoryHandle;

  static async open(): Promise<TakeFolder> {
    const isThere = 'storage' in navigator && 'getDirectory' in navigator.storage;
    if (!isThere) throw new Failure('storage-missing', 'the browser gives pages no storage of their own');
    const root = await navigator.storage.getDirectory();
    return new TakeFolder(await root.getDirectoryHandle(FOLDER, { create: true }));
  }

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** For reading and writing; nobody else has it until it is closed. */
  async take(name: string): Promise<ByteFile> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    // Workers have it wherever there is private storage: Chrome 102, Firefox 111, Safari 15.2.
    return await (handle as LockableHandle).createSyncAccessHandle();
  }

  /** Its content as it is now, for downloads. */
  async blob(name: string): Promise<File> {
    const handle = await this.#folder.getFileHandle(name);
    return await handle.getFile();
  }

  async remove(name: string): Promise<void> {
    await this.#folder.removeEntry(name).catch(() => undefined);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    // Directory handles are async iterable; the page's types leave it out.
    const entries = this.#folder as unknown as { keys(): AsyncIterable<string> };
    for await (const name of entries.keys()) names.push(name);
    return names.sort();
  }
}
