/** A bucket of permissions that fills with time. */
export class Allowance {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #atUs = -1;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
  }

  take(nowUs: number): boolean {
    const passedUs = this.#atUs < 0 ? 0 : Math.max(0, nowUs - this.#atUs);
    this.#atUs = nowUs;
    this.#left = Math.min(this.#burst, this.#left + (passedUs * this.#perSecond) / 1e6);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
