// realtime
const WINDOW_US = 500_000;
const WINDOWS = 32;
/** Windows before a slope is believed; and after a step, before it replaces the one known. */
const WINDOWS_NEEDED = 6;
/** Two windows in a row so far from the line are a step of clock or path, not noise. */
const STEP_US = 1200;
/** As long as the slope is not known drift looks like a step; one so large is none of noise. */
const STEP_UNKNOWN_US = 6_000;
const STEP_SURE_US = 30_000;
/** No pair of sound cards differs by more. */
const SLOPE_MAX = 0.001;
/** Stretch whose earliest time says where the line has been of late, and observations that it takes to say so. */
const RECENT_US = 100_000;
const RECENT_NEEDED = 8;

/**
 * Fits y = x + c + slope·x to the least y − x of each half second: queues and late wake-ups only ever add, so the
 * earliest of each window lie on the clock itself. Times in µs. Allocates in the constructor only.
 */
export class LowerLine {
  readonly #x = new Float64Array(WINDOWS);
  readonly #d = new Float64Array(WINDOWS);
  #count = 0;
  #head = 0;
  #x0 = 0;
  #d0 = 0;
  #isBegun = false;
  #windowX = 0;
  #leastX = 0;
  #leastD = 0;
  #slope = 0;
  #intercept = 0;
  #odd = 0;
  /** Least distance above the line in the stretch that goes on, and in the last whole one; NaN where too little came. */
  #stretchX = 0;
  #stretchLeast = Number.POSITIVE_INFINITY;
  #stretchCount = 0;
  #recent = Number.NaN;

  observe(xUs: number, yUs: number): void {
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#x0 = xUs;
      this.#d0 = yUs - xUs;
      this.#openWindow(0, 0);
      return;
    }
    const x = xUs - this.#x0;
    const d = yUs - xUs - this.#d0;
    this.#noteRecent(x, d - this.#intercept - this.#slope * x);
    if (d - this.#intercept - this.#slope * x < -STEP_SURE_US) {
      // Nothing is ever early: a clock was set back, or the path became shorter.
      this.#count = 0;
      this.#intercept = d - this.#slope * x;
      this.#openWindow(x, d);
    } else if (x - this.#windowX >= WINDOW_US) {
      this.#closeWindow();
      this.#openWindow(x, d);
    } else if (d - this.#slope * x < this.#leastD - this.#slope * this.#leastX) {
      this.#leastX = x;
      this.#leastD = d;
      if (this.#count === 0) this.#intercept = d - this.#slope * x;
    }
  }

  /** All later y lie so much higher: x stood still for a while, or the clock of y was set. */
  shift(us: number): void {
    this.#d0 += us;
    // The open window may hold times of before and after: it begins anew.
    this.#leastD = Number.POSITIVE_INFINITY;
    this.#recent = Number.NaN;
    this.#stretchCount = 0;
    this.#stretchLeast = Number.POSITIVE_INFINITY;
  }

  /** How far above the line the earliest y of the last tenth of a second lay, µs; NaN when too little came. */
  get recentUs(): number {
    return this.#recent;
  }

  #noteRecent(x: number, above: number): void {
    if (x - this.#stretchX >= RECENT_US || x < this.#stretchX) {
      this.#recent = this.#stretchCount >= RECENT_NEEDED ? this.#stretchLeast : Number.NaN;
      this.#stretchX = x;
      this.#stretchLeast = Number.POSITIVE_INFINITY;
      this.#stretchCount = 0;
    }
    this.#stretchCount++;
    if (above < this.#stretchLeast) this.#stretchLeast = above;
  }

  /** dy/dx − 1: how much slower than nominal x runs, as a share. */
  get slope(): number {
    return this.#slope;
  }

  /** Something was observed. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** The slope rests on measurement. */
  get isKnown(): boolean {
    return this.#count >= WINDOWS_NEEDED;
  }

  /** y on the line at `xUs`. */
  at(xUs: number): number {
    return xUs + this.#d0 + this.#intercept + this.#slope * (xUs - this.#x0);
  }

  /** x on the line at `yUs`. */
  reach(yUs: number): number {
    return this.#x0 + (yUs - this.#x0 - this.#d0 - this.#intercept) / (1 + this.#slope);
  }

  #openWindow(x: number, d: number): void {
    this.#windowX = x;
    this.#leastX = x;
    this.#leastD = d;
  }

  #closeWindow(): void {
    if (this.#leastD === Number.POSITIVE_INFINITY) return;
    const off = this.#leastD - this.#intercept - this.#slope * this.#leastX;
    const isOdd = this.#count > 0 && Math.abs(off) > (this.isKnown ? STEP_US : STEP_UNKNOWN_US);
    if (isOdd && Math.abs(off) < STEP_SURE_US && ++this.#odd < 2) return;
    if (isOdd) this.#count = 0;
    this.#odd = 0;
    this.#head = (this.#head + 1) % WINDOWS;
    this.#x[this.#head] = this.#leastX;
    this.#d[this.#head] = this.#leastD;
    if (this.#count < WINDOWS) this.#count++;
    this.#fit();
  }

  /** Least squares over the windows kept; with too few of them, the known slope through their middle. */
  #fit(): void {
    let sumX = 0;
    let sumD = 0;
    for (let i = 0; i < this.#count; i++) {
      const at = (this.#head - i + WINDOWS) % WINDOWS;
      sumX += this.#x[at] ?? 0;
      sumD += this.#d[at] ?? 0;
    }
    const meanX = sumX / this.#count;
    const meanD = sumD / this.#count;
    if (this.#count >= WINDOWS_NEEDED) {
      let xx = 0;
      let xd = 0;
      for (let i = 0; i < this.#count; i++) {
        const at = (this.#head - i + WINDOWS) % WINDOWS;
        const x = (this.#x[at] ?? 0) - meanX;
        xx += x * x;
        xd += x * ((this.#d[at] ?? 0) - meanD);
      }
      const slope = xx > 0 ? xd / xx : 0;
      this.#slope = Math.max(-SLOPE_MAX, Math.min(SLOPE_MAX, slope));
    }
    this.#intercept = meanD - this.#slope * meanX;
  }
}
