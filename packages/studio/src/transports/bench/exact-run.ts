/** The longest stretch of `heard` that is a stretch of the endlessly repeated `source`, sample for sample, frames. */
export function longestExactRun(heard: Float32Array, source: Float32Array): number {
  const places = new Map<number, number[]>();
  source.forEach((sample, place) => {
    const known = places.get(sample);
    if (known === undefined) places.set(sample, [place]);
    else known.push(place);
  });
  let longest = 0;
  for (let at = 0, here = 0; at < heard.length; at += 1 + here) {
    here = 0;
    // 2 lies outside of every sample.
    for (const place of places.get(heard[at] ?? 2) ?? []) {
      let length = 0;
      while (at + length < heard.length && heard[at + length] === source[(place + length) % source.length])
        length++;
      here = Math.max(here, length);
    }
    longest = Math.max(longest, here);
  }
  return longest;
}
