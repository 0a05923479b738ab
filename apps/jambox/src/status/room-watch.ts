import type { LiveMetrics } from '../play-report.ts';

/** What a box shows of itself. */
export type RoomState = 'joining' | 'playing' | 'trouble';

/** Of the packets between two looks; an ear hears more than one in a hundred made up. */
const CONCEALED_SHARE = 0.01;
/** A trouble is shown for so many looks, a quarter of a second each, so that somebody sees it. */
const SHOWN_LOOKS = 8;

type Link = Pick<LiveMetrics['heard'][number], 'packets' | 'concealed' | 'forged'>;

/** Of the live figures what is looked at. */
export interface WatchedFigures extends Pick<LiveMetrics, 'phase' | 'cardStumbles'> {
  readonly heard: readonly Link[];
}

/** Tells from figures, four times a second, how it goes. */
export class RoomWatch {
  #packets = 0;
  #concealed = 0;
  #forged = 0;
  #stumbles = 0;
  #hasPlayed = false;
  #looksLeft = 0;

  look(metrics: WatchedFigures): RoomState {
    const packets = sum(metrics, ({ packets }) => packets);
    const concealed = sum(metrics, ({ concealed }) => concealed);
    const forged = sum(metrics, ({ forged }) => forged);
    const isPlaying = metrics.phase === 'playing';
    const isBad =
      concealed - this.#concealed > CONCEALED_SHARE * Math.max(1, packets - this.#packets) ||
      forged > this.#forged ||
      metrics.cardStumbles > this.#stumbles ||
      (this.#hasPlayed && !isPlaying);
    this.#packets = packets;
    this.#concealed = concealed;
    this.#forged = forged;
    this.#stumbles = metrics.cardStumbles;
    this.#hasPlayed ||= isPlaying;
    this.#looksLeft = isBad ? SHOWN_LOOKS : Math.max(0, this.#looksLeft - 1);
    if (this.#looksLeft > 0) return 'trouble';
    return isPlaying ? 'playing' : 'joining';
  }
}

function sum(metrics: WatchedFigures, of: (link: Link) => number): number {
  return metrics.heard.reduce((total, link) => total + of(link), 0);
}
