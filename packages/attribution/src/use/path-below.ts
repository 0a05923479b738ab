/** Path of a URL below a root, without query and fragment; `null` when it lies elsewhere or is malformed, as `%zz` is. */
export function pathBelow(rootUrl: string, url: string): string | null {
  if (!url.startsWith(`${rootUrl}/`)) return null;
  try {
    return decodeURIComponent(url.slice(rootUrl.length + 1).replace(/[?#].*$/, ''));
  } catch {
    // Source maps and forged coverage name files as they like.
    return null;
  }
}
