import { useCallback, useEffect, useRef, useState } from 'react';
import type { TakeSound } from './recordings.ts';
import { TakePlayer } from './take-player.ts';
import type { TrackSound } from './track-sound.ts';

export interface TakePlayerHandle {
  readonly isPlaying: boolean;
  /** Wanted, and its sound not there yet. */
  readonly isWaiting: boolean;
  readonly hasFailed: boolean;
  readonly muted: ReadonlySet<number>;
  /** Grows with each jump: what follows the playhead only while it moves looks again. */
  readonly jumps: number;
  /** Seconds. */
  readonly position: () => number;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly mute: (track: number) => void;
}

/** A take's player. Its sound is made ready when somebody wants to hear it; place and mutes chosen before that are kept. */
export function useTakePlayer(sound: TakeSound | undefined, listen: () => void): TakePlayerHandle {
  const tracks = sound !== undefined && 'tracks' in sound ? sound.tracks : null;
  const [player, setPlayer] = useState<TakePlayer | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [muted, setMuted] = useState<ReadonlySet<number>>(new Set());
  const [jumps, setJumps] = useState(0);
  const waitingAt = useRef(0);

  useEffect(() => {
    if (tracks === null) return;
    const context = new AudioContext({ sampleRate: tracks[0]?.sampleRateHz ?? 48_000 });
    const made = newPlayer(context, tracks, (failure) => {
      setPlaying(false);
      setFailed(failure !== null);
    });
    made.seek(waitingAt.current);
    setPlayer(made);
    return () => {
      waitingAt.current = made.position;
      made.dispose();
      setPlayer(null);
      setPlaying(false);
      void context.close();
    };
  }, [tracks]);

  useEffect(() => {
    if (player === null || !isWanted) return;
    setWanted(false);
    player.play();
    setPlaying(true);
  }, [player, isWanted]);

  useEffect(() => {
    for (const { track } of tracks ?? []) player?.setMuted(track, muted.has(track));
  }, [player, tracks, muted]);

  const isLost = hasFailed || (sound !== undefined && 'failure' in sound);
  const toggle = useCallback((): void => {
    if (player?.isPlaying === true) {
      player.pause();
      setPlaying(false);
      return;
    }
    setWanted(true);
    setFailed(false);
    if (sound === undefined || isLost) listen();
  }, [player, sound, isLost, listen]);
  const seek = useCallback(
    (seconds: number): void => {
      waitingAt.current = seconds;
      player?.seek(seconds);
      setJumps((count) => count + 1);
    },
    [player],
  );
  const mute = useCallback((track: number): void => {
    setMuted((before) => {
      const after = new Set(before);
      if (!after.delete(track)) after.add(track);
      return after;
    });
  }, []);
  const position = useCallback(() => player?.position ?? waitingAt.current, [player]);
  const isWaiting = isWanted && !isLost;
  return { isPlaying, isWaiting, hasFailed: isLost, muted, jumps, position, toggle, seek, mute };
}

function newPlayer(
  context: AudioContext,
  tracks: readonly TrackSound[],
  ended: (failure: unknown) => void,
): TakePlayer {
  const every = (ms: number, act: () => void): (() => void) => {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  };
  return new TakePlayer({ context, tracks, every, ended });
}
