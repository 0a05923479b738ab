import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Failure } from '@jamnet/base';

/** A raw MIDI port: on Linux a character device such as /dev/snd/midiC1D0, to which bytes are written at their time. */
export class RawMidiOut {
  /** Messages that the device did not take. */
  dropped = 0;
  readonly #descriptor: number;

  constructor(file: string) {
    try {
      // A device that takes nothing must not hold up the sound; a name that is none must not become a file.
      this.#descriptor = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (cause) {
      const message = `Cannot write MIDI to ${file}: name a raw MIDI port ("amidi -l" lists hw:1,0,0 as /dev/snd/midiC1D0).`;
      throw new Failure('midi-port-unknown', message, { cause });
    }
  }

  send(message: Uint8Array): void {
    try {
      writeSync(this.#descriptor, message);
    } catch {
      this.dropped++;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
