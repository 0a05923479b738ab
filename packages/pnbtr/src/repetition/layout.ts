/** Sizes of the search for repetitions; frames of the decimated signal unless said. */

/** Rate of the decimated signal, roughly: each input rate is divided by the whole number that comes nearest. */
export const SEARCH_RATE_HZ = 5_512.5;
/** Longest lag searched, 4 s: half of it loses 0.3 dB pooled, double gains 0.05 (isolated losses, P = 128). In whole groups of 16. */
export const SEARCH_LAGS = 22_048;
/** What just played is compared over about 12 ms: the time constant of the running correlations, and the length of the fine comparison. */
export const TEMPLATE_FRAMES = 64;
/** Decimated frames that one update may bring. */
export const NEWS_FRAMES_MAX = 2_048;
/** Room behind the lags before the history is moved back. */
const SLACK_FRAMES = 4_096;
export const HISTORY_FRAMES = SEARCH_LAGS + NEWS_FRAMES_MAX + SLACK_FRAMES;

/**
 * Places in float32 of the memory: results, what a scan compares with, decay and weights of the news, running
 * correlations by falling lag, history, energy of the template that ends at each place of it; from PAST_AT on the
 * signal at its full rate.
 */
export const RESULT_AT = 0;
export const SCORE_AT = 4;
export const FLOOR_AT = 5;
export const WEIGHTS_AT = 16;
export const CORRELATIONS_AT = WEIGHTS_AT + NEWS_FRAMES_MAX;
export const HISTORY_AT = CORRELATIONS_AT + SEARCH_LAGS;
export const ENERGIES_AT = HISTORY_AT + HISTORY_FRAMES + 16;
export const PAST_AT = ENERGIES_AT + HISTORY_FRAMES + 16;
