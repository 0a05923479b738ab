import { HeldNotes } from './held-notes.ts';

export interface MidiPort {
  readonly id: string;
  readonly name: string;
}

export interface MidiState {
  readonly phase: 'off' | 'asking' | 'on' | 'missing' | 'refused';
  readonly inputs: readonly MidiPort[];
  readonly outputs: readonly MidiPort[];
  /** Chosen ports; empty: none. */
  readonly inputId: string;
  readonly outputId: string;
}

export const MIDI_OFF: MidiState = { phase: 'off', inputs: [], outputs: [], inputId: '', outputId: '' };

/** System exclusive, and the clock and sensing messages that devices send all the time. */
function isForTheRoom(message: Uint8Array): boolean {
  const status = message[0] ?? 0;
  return status >= 0x80 && status < 0xf0;
}

/** The page's MIDI: one input into the room, one output for what others play; a cable that is pulled leaves no note hanging. */
export class MidiCables {
  state: MidiState = MIDI_OFF;
  readonly #send: (message: Uint8Array) => void;
  readonly #changed: () => void;
  readonly #sent = new HeldNotes();
  readonly #played = new HeldNotes();
  #access: MIDIAccess | null = null;

  constructor(send: (message: Uint8Array) => void, changed: () => void) {
    this.#send = send;
    this.#changed = changed;
  }

  /** Asks the browser, which asks the player. */
  async open(): Promise<void> {
    if (typeof navigator.requestMIDIAccess !== 'function') {
      this.#change({ phase: 'missing' });
      return;
    }
    this.#change({ phase: 'asking' });
    try {
      this.#access = await navigator.requestMIDIAccess({ sysex: false });
    } catch {
      this.#change({ phase: 'refused' });
      return;
    }
    this.#access.onstatechange = () => this.#look();
    this.#change({ phase: 'on' });
    this.#look();
  }

  chooseInput(id: string): void {
    this.#endSent();
    const before = this.#access?.inputs.get(this.state.inputId);
    if (before !== undefined) before.onmidimessage = null;
    const input = this.#access?.inputs.get(id);
    if (input !== undefined) input.onmidimessage = ({ data }) => this.#take(data);
    this.#change({ inputId: input === undefined ? '' : id });
  }

  chooseOutput(id: string): void {
    this.#endPlayed();
    this.#change({ outputId: this.#access?.outputs.has(id) ? id : '' });
  }

  /** Something that another player played. */
  play(message: Uint8Array): void {
    const output = this.#access?.outputs.get(this.state.outputId);
    if (output === undefined) return;
    this.#played.note(message);
    output.send(message);
  }

  close(): void {
    this.#endSent();
    this.#endPlayed();
    if (this.#access !== null) {
      this.#access.onstatechange = null;
      for (const input of this.#access.inputs.values()) input.onmidimessage = null;
    }
    this.#access = null;
    this.#change(MIDI_OFF);
  }

  #take(data: Uint8Array | null): void {
    if (data === null || !isForTheRoom(data)) return;
    const message = data.slice();
    this.#sent.note(message);
    this.#send(message);
  }

  #look(): void {
    const access = this.#access;
    if (access === null) return;
    const listOf = (ports: Iterable<MIDIPort>): readonly MidiPort[] =>
      [...ports]
        .filter(({ state }) => state === 'connected')
        .map(({ id, name }) => ({ id, name: name ?? id }));
    this.#change({ inputs: listOf(access.inputs.values()), outputs: listOf(access.outputs.values()) });
    const { inputs, outputs, inputId, outputId } = this.state;
    if (inputId !== '' && !inputs.some(({ id }) => id === inputId)) this.chooseInput('');
    if (outputId !== '' && !outputs.some(({ id }) => id === outputId)) this.chooseOutput('');
  }

  #endSent(): void {
    for (const message of this.#sent.release()) this.#send(message);
  }

  #endPlayed(): void {
    const output = this.#access?.outputs.get(this.state.outputId);
    for (const message of this.#played.release()) if (output?.state === 'connected') output.send(message);
  }

  #change(change: Partial<MidiState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}
