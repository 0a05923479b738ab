/** Remainder of `block` beside the best sine near `toneHz`, dB of the sine; the frequency is free within ±1,000 ppm. */
export function toneResidualDb(block: Float32Array, toneHz: number, rateHz: number): number {
  let low = toneHz * 0.999;
  let high = toneHz * 1.001;
  // The remainder has one lowest place there: golden-section search (Kiefer 1953).
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 40; i++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (remainder(block, left / rateHz) < remainder(block, right / rateHz)) high = right;
    else low = left;
  }
  return 10 * Math.log10(remainder(block, (low + high) / 2 / rateHz));
}

/** Energy that a least-squares sine of `cycles` a sample leaves, by the block's energy. */
function remainder(block: Float32Array, cycles: number): number {
  let cc = 0;
  let ss = 0;
  let cs = 0;
  let bc = 0;
  let bs = 0;
  let energy = 0;
  block.forEach((sample, i) => {
    const c = Math.cos(2 * Math.PI * cycles * i);
    const s = Math.sin(2 * Math.PI * cycles * i);
    cc += c * c;
    ss += s * s;
    cs += c * s;
    bc += sample * c;
    bs += sample * s;
    energy += sample * sample;
  });
  const determinant = cc * ss - cs * cs;
  const a = (bc * ss - bs * cs) / determinant;
  const b = (bs * cc - bc * cs) / determinant;
  return energy === 0 ? 1 : Math.max(1e-16, (energy - a * bc - b * bs) / energy);
}
