/** UTC µs that never step back while the process lives. */
export function localNowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
