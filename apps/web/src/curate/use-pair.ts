import { useCallback, useEffect, useState } from 'react';
import type { AbPlayer } from '../takes/ab-player.ts';
import type { Pair, Side } from './curate-api.ts';
import { loadPair, sidesOf } from './load-pair.ts';

export interface PairHandle {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly playing: boolean;
  readonly chosen: Side;
  /** Every side was heard: an answer may be given. */
  readonly hasHeardAll: boolean;
  /** Loudness of all sides; `null` while it is not known, and of silence. */
  readonly lufs: number | null;
  /** Sounds this side from now on, at the same place of the music. */
  readonly hear: (side: Side) => void;
  readonly togglePlay: () => void;
  readonly stop: () => void;
  readonly again: () => void;
}

/** One pair's player and what was heard of it. Give the component that uses it the pair's id as key. */
export function usePair(pair: Pair): PairHandle {
  const [status, setStatus] = useState<PairHandle['status']>('loading');
  const [player, setPlayer] = useState<AbPlayer<Side> | null>(null);
  const [lufs, setLufs] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const [chosen, setChosen] = useState<Side>('a');
  const [heard, setHeard] = useState<ReadonlySet<Side>>(new Set());
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what `again` changes to load once more.
  useEffect(() => {
    let made: AbPlayer<Side> | null = null;
    let isShown = true;
    setStatus('loading');
    void loadPair(pair).then((loaded) => {
      if (!loaded.ok) {
        if (isShown) setStatus('failed');
        return;
      }
      made = loaded.value.player;
      if (!isShown) return made.dispose();
      setPlayer(made);
      setLufs(loaded.value.lufs);
      setStatus('ready');
    });
    return () => {
      isShown = false;
      made?.dispose();
    };
  }, [pair, attempt]);

  const hear = useCallback(
    (side: Side): void => {
      if (player === null) return;
      player.choose(side);
      player.play();
      setChosen(side);
      setPlaying(true);
      setHeard((before) => new Set(before).add(side));
    },
    [player],
  );
  const stop = useCallback((): void => {
    player?.pause();
    setPlaying(false);
  }, [player]);
  const togglePlay = useCallback((): void => {
    if (player?.playing) stop();
    else hear(chosen);
  }, [player, stop, hear, chosen]);

  const again = useCallback(() => setAttempt((number) => number + 1), []);
  const hasHeardAll = sidesOf(pair).every((side) => heard.has(side));
  return { status, playing, chosen, hasHeardAll, lufs, hear, togglePlay, stop, again };
}
