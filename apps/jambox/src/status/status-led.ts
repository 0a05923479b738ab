import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { RoomState } from './room-watch.ts';

const JOINING_MS = 1000;
const TROUBLE_MS = 250;

/** Joining blinks once in two seconds, playing shines, trouble flickers. */
export function isLit(state: RoomState, nowMs: number): boolean {
  if (state === 'playing') return true;
  return Math.floor(nowMs / (state === 'joining' ? JOINING_MS : TROUBLE_MS)) % 2 === 0;
}

/** An LED as Linux shows it: a directory such as /sys/class/leds/ACT, whose `brightness` takes 0 to `max_brightness`. */
export class StatusLed {
  readonly #brightness: string;
  readonly #most: string;
  #shown = '';

  constructor(directory: string) {
    this.#brightness = join(directory, 'brightness');
    try {
      this.#most = readFileSync(join(directory, 'max_brightness'), 'utf8').trim();
      // Else the kernel goes on showing what it shows by itself, such as the disk.
      writeFileSync(join(directory, 'trigger'), 'none');
    } catch (cause) {
      const message = `Cannot use ${directory}: name a directory below /sys/class/leds that you may write to.`;
      throw new Failure('led-unusable', message, { cause });
    }
  }

  show(state: RoomState, nowMs: number): void {
    this.#write(isLit(state, nowMs) ? this.#most : '0');
  }

  off(): void {
    this.#write('0');
  }

  #write(value: string): void {
    if (value === this.#shown) return;
    this.#shown = value;
    writeFileSync(this.#brightness, value);
  }
}
