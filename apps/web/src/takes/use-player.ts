import { useCallback, useEffect, useRef, useState } from 'react';
import type { Take, Variant } from '../api/state.ts';
import type { AbPlayer } from './ab-player.ts';
import { loadPlayer } from './load-audio.ts';
import type { Loop } from './playhead.ts';

export interface PlayerHandle {
  readonly status: 'silent' | 'loading' | 'ready' | 'failed';
  /** Why the sound did not load, or `null`. */
  readonly failure: string | null;
  readonly playing: boolean;
  readonly looping: boolean;
  readonly variant: Variant;
  /** The loaded player, or `null`: for drawing its samples. */
  readonly player: AbPlayer | null;
  /** Changes with every jump: what follows the playhead only while it moves looks again. */
  readonly jumps: number;
  readonly position: () => number;
  readonly togglePlay: () => void;
  readonly seek: (seconds: number) => void;
  readonly choose: (variant: Variant) => void;
  readonly setLoop: (loop: Loop | null) => void;
  /** Loads the sound if it is not there, without playing it. */
  readonly load: () => void;
}

/** One take's player. Nothing is fetched before somebody wants to hear it; position and version chosen before that are kept. */
export function usePlayer(take: Take, firstVariant: Variant): PlayerHandle {
  const [status, setStatus] = useState<PlayerHandle['status']>('silent');
  const [failure, setFailure] = useState<string | null>(null);
  const [player, setPlayer] = useState<AbPlayer | null>(null);
  const [playing, setPlaying] = useState(false);
  const [looping, setLooping] = useState(false);
  const [variant, setVariant] = useState(firstVariant);
  const [jumps, setJumps] = useState(0);
  const waitingAt = useRef(0);
  const loading = useRef<Promise<AbPlayer | null> | null>(null);
  const shown = useRef(true);

  const ensure = useCallback((): Promise<AbPlayer | null> => {
    loading.current ??= (async () => {
      setStatus('loading');
      const loaded = await loadPlayer(take, firstVariant);
      if (!loaded.ok) {
        loading.current = null;
        setStatus('failed');
        setFailure(loaded.message);
        return null;
      }
      if (!shown.current) {
        loaded.value.dispose();
        return null;
      }
      loaded.value.seek(waitingAt.current);
      setPlayer(loaded.value);
      setStatus('ready');
      setFailure(null);
      return loaded.value;
    })();
    return loading.current;
  }, [take, firstVariant]);

  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  useEffect(() => () => player?.dispose(), [player]);
  useEffect(() => player?.choose(variant), [player, variant]);
  useEffect(() => watchForEnd(player, playing, setPlaying), [player, playing]);

  const togglePlay = useCallback(async (): Promise<void> => {
    const ready = await ensure();
    if (ready === null) return;
    if (ready.playing) ready.pause();
    else ready.play();
    setPlaying(ready.playing);
  }, [ensure]);

  return {
    status,
    failure,
    playing,
    looping,
    jumps,
    variant,
    player,
    position: useCallback(() => player?.position() ?? waitingAt.current, [player]),
    togglePlay: useCallback(() => void togglePlay(), [togglePlay]),
    seek: useCallback(
      (seconds) => {
        waitingAt.current = seconds;
        setJumps((number) => number + 1);
        player?.seek(seconds);
      },
      [player],
    ),
    choose: setVariant,
    setLoop: useCallback(
      (loop) => {
        setLooping(loop !== null);
        void ensure().then((ready) => {
          if (ready === null) return;
          ready.setLoop(loop);
          // Asking for a loop is asking to hear it.
          if (loop !== null) ready.play();
          setPlaying(ready.playing);
          setJumps((number) => number + 1);
        });
      },
      [ensure],
    ),
    load: useCallback(() => void ensure(), [ensure]),
  };
}

/** The player comes to rest by itself at the end; looking at its position is how it notices. */
function watchForEnd(
  player: AbPlayer | null,
  playing: boolean,
  setPlaying: (playing: boolean) => void,
): () => void {
  if (player === null || !playing) return () => undefined;
  const timer = setInterval(() => {
    player.position();
    if (!player.playing) setPlaying(false);
  }, 100);
  return () => clearInterval(timer);
}
