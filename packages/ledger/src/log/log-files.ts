/** What the publisher needs of a file system; the simulator gives it one that crashes. Paths are relative, with `/`. */
export interface LogFiles {
  read(path: string): Promise<Uint8Array | null>;
  /** Replaces the file whole or not at all, and its bytes are on the disk when this returns. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** After this the names of all files written so far are on the disk too. */
  flush(): Promise<void>;
  /** Removes a folder and what is in it; none there is fine. */
  removeFolder(path: string): Promise<void>;
  /** Keeps other publishers off this directory until the returned function is called; ends with the process. */
  lock(): Promise<() => void | Promise<void>>;
  /** Where publishers have directories of their own: the checkpoint of this one, which may be behind the others'. */
  readOwnCheckpoint?(): Promise<Uint8Array | null>;
  /** Where publishers have directories of their own: shows here what another one signed, once its tiles are here. */
  show?(checkpoint: Uint8Array): Promise<void>;
}
