import { CONSENT, type HopCrypto, issueToken } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { RoomRefusal } from '../room-api.ts';
import type { RoomLook } from './archive-door.ts';
import type { FromRecorder, ToRecorder } from './recorder-messages.ts';
import { Recordings, type RecordingsParts, type Seat } from './recordings.ts';

/** Enough of a crypto for a token whose signature nobody here looks at. */
const TOKEN_CRYPTO = { hmac: () => new Uint8Array(32) } as unknown as HopCrypto;

function seatOf(changes: Partial<Seat> = {}): Seat {
  const token = issueToken(TOKEN_CRYPTO, new Uint8Array(32), {
    room: 'attic',
    player: 'Ada',
    expiresAtUs: 1,
  });
  if (!token.ok) throw new Error(token.message);
  return {
    room: 'attic',
    player: 'Ada',
    joinToken: token.value,
    consent: CONSENT.record,
    plays: true,
    ...changes,
  };
}

/** A page over a studio and threads that do as the test says. */
function page() {
  const studio: { look: RoomLook; isDown: boolean; looks: number } = {
    looks: 0,
    look: { takes: [], recording: null },
    isDown: false,
  };
  const posted: ToRecorder[][] = [];
  const listeners: ((message: FromRecorder) => void)[] = [];
  const engine: string[] = [];
  let looking: () => void = () => undefined;
  let later: () => void = () => undefined;
  let held: Promise<void> = Promise.resolve();
  const parts: RecordingsParts = {
    thread: () => {
      const mine: ToRecorder[] = [];
      posted.push(mine);
      return { post: (message) => mine.push(message), listen: (listener) => listeners.push(listener) };
    },
    look: async () => {
      studio.looks++;
      const { look } = studio;
      await held;
      if (studio.isDown) throw new RoomRefusal('unreachable', '');
      return look;
    },
    setRecording: async (_, isOn) => {
      if (studio.isDown) throw new RoomRefusal('unreachable', '');
      studio.look = { ...studio.look, recording: isOn ? { by: 'Ada', sinceUs: 5 } : null };
      return studio.look.recording;
    },
    startEngine: () => engine.push('start'),
    endEngine: () => engine.push('end'),
    every: (_, act) => {
      looking = act;
      return () => undefined;
    },
    after: (_, act) => {
      later = act;
      return () => {
        later = () => undefined;
      };
    },
    save: () => undefined,
  };
  const recordings = new Recordings(parts, () => undefined);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return {
    recordings,
    studio,
    engine,
    /** All that was asked of any thread. */
    asked: () => posted.flat().map(({ type }) => type),
    sent: () => posted.flat().flatMap((message) => (message.type === 'send' ? [message.name] : [])),
    say: (message: FromRecorder) => {
      for (const listener of listeners.slice(0, 1)) listener(message);
    },
    look: async () => {
      looking();
      await settle();
    },
    later: () => later(),
    /** Answers wait until they are let go, and tell what held when they were asked for. */
    hold: (): (() => void) => {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return () => {
        held = Promise.resolve();
        letGo();
      };
    },
    settle,
  };
}

const running = { by: 'Bo', sinceUs: 9 };

test('a page whose player agreed and plays records when the room does, and ends with it', async () => {
  const { recordings, studio, engine, say, look, asked, settle } = page();
  recordings.enter(seatOf());
  await settle();
  studio.look = { takes: [], recording: running };
  await look();
  expect(asked()).toContain('begin');
  expect(engine).toEqual([]);
  say({ type: 'begun' });
  expect(engine).toEqual(['start']);
  await look();
  expect(asked().filter((type) => type === 'begin')).toHaveLength(1);
  studio.look = { takes: [], recording: null };
  await look();
  expect(engine).toEqual(['start', 'end']);
  say({ type: 'written', name: 'kept-1' });
  expect(recordings.state.phase).toBe('idle');
});

test('an answer that was asked for before the press does not end what the press began', async () => {
  const { recordings, studio, engine, say, look, settle, hold } = page();
  recordings.enter(seatOf());
  await settle();
  const release = hold();
  const slow = look();
  await recordings.press(true);
  say({ type: 'begun' });
  const asked = studio.looks;
  await look();
  expect(studio.looks).toBe(asked);
  release();
  await slow;
  await settle();
  expect(recordings.state).toMatchObject({ phase: 'recording', running: { by: 'Ada' } });
  expect(engine).toEqual(['start']);
  await look();
  expect(recordings.state.phase).toBe('recording');
});

test.each([
  ['has not agreed', { consent: 0 }],
  ['only listens', { plays: false }],
] as const)('a page whose player %s does not record because others do', async (_, changes) => {
  const { recordings, studio, look, asked, settle } = page();
  recordings.enter(seatOf(changes));
  await settle();
  studio.look = { takes: [], recording: running };
  await look();
  expect(recordings.state.running).toEqual(running);
  expect(asked()).not.toContain('begin');
});

test('a studio that does not answer leaves a running recording alone, and refuses to begin one with a sentence', async () => {
  const { recordings, studio, engine, say, look } = page();
  recordings.enter(seatOf());
  studio.isDown = true;
  await recordings.press(true);
  expect(recordings.state).toMatchObject({ phase: 'idle', failure: { code: 'unreachable' } });
  studio.isDown = false;
  await recordings.press(true);
  say({ type: 'begun' });
  studio.isDown = true;
  await look();
  expect(recordings.state.phase).toBe('recording');
  expect(engine).toEqual(['start']);
});

test('what is kept of this player in this room is sent, the rest waits for its player', async () => {
  const { recordings, settle, say, sent } = page();
  recordings.enter(seatOf());
  await settle();
  const kept = { room: 'attic', recorder: 'Ada', bytes: 1 };
  say({
    type: 'kept',
    takes: [
      { ...kept, name: 'other-room', room: 'cellar' },
      { ...kept, name: 'other-name', recorder: 'Bo' },
      { ...kept, name: 'ours' },
    ],
  });
  expect(sent()).toEqual(['ours']);
  say({ type: 'sent', name: 'ours', id: 'x' });
  expect(recordings.state.kept.map(({ name }) => name)).toEqual(['other-room', 'other-name']);
});

test('sending goes on by itself where waiting mends what stopped it, and waits for a person where it does not', async () => {
  const { recordings, settle, say, look, sent } = page();
  recordings.enter(seatOf());
  await settle();
  say({ type: 'kept', takes: [{ name: 'a', room: 'attic', recorder: 'Ada', bytes: 1 }] });
  say({ type: 'unsent', name: 'a', code: 'unreachable', message: '' });
  await look();
  expect(sent()).toEqual(['a', 'a']);
  say({ type: 'unsent', name: 'a', code: 'take-not-yours', message: 'no' });
  await look();
  expect(sent()).toEqual(['a', 'a']);
  expect(recordings.state.failure).toEqual({ code: 'take-not-yours', message: 'no' });
  recordings.send('a');
  expect(sent()).toEqual(['a', 'a', 'a']);
});

test('an engine that is gone does not keep a recording open', async () => {
  const { recordings, say, later, asked } = page();
  recordings.enter(seatOf());
  await recordings.press(true);
  say({ type: 'begun' });
  recordings.left();
  expect(recordings.state.phase).toBe('ending');
  expect(asked()).not.toContain('finish');
  later();
  expect(asked()).toContain('finish');
});

test('a storage that refuses ends the recording and says why', async () => {
  const { recordings, say, engine } = page();
  recordings.enter(seatOf());
  await recordings.press(true);
  say({ type: 'unwritten', code: 'kept-too-many', message: '' });
  expect(recordings.state).toMatchObject({ phase: 'idle', failure: { code: 'kept-too-many' } });
  await recordings.press(false);
  await recordings.press(true);
  say({ type: 'begun' });
  say({ type: 'unwritten', code: 'storage-full', message: '' });
  expect(engine).toEqual(['start', 'end']);
  expect(recordings.state.failure).toEqual({ code: 'storage-full', message: '' });
});

test('a take’s sound is asked for when somebody wants to hear it, and let go of when nobody does', () => {
  const { recordings, asked, say } = page();
  recordings.enter(seatOf());
  const sound = () => recordings.state.sounds.t;
  recordings.hush('t');
  recordings.listen('t', 2);
  say({ type: 'unpacking', id: 't', share: 0.5 });
  expect(sound()).toEqual({ share: 0.5 });
  say({ type: 'inaudible', id: 't', code: 'storage-full', message: '' });
  expect(sound()).toEqual({ failure: { code: 'storage-full', message: '' } });
  recordings.listen('t', 2);
  say({ type: 'audible', id: 't', tracks: [] });
  expect(sound()).toEqual({ tracks: [] });
  // What is told of a take once more does not make ready what is.
  say({ type: 'unpacking', id: 't', share: 0.7 });
  expect(sound()).toEqual({ tracks: [] });
  recordings.hush('t');
  say({ type: 'audible', id: 't', tracks: [] });
  expect(sound()).toBeUndefined();
  expect(asked()).toEqual(['look', 'listen', 'listen', 'hush']);
});
