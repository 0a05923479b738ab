/** Saved files' addresses are kept so long: the browser has begun to read them by then. */
const ADDRESS_KEPT_MS = 60_000;

/** Hands a file made in the page to the browser's downloads. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS);
}
