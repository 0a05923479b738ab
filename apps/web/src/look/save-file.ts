/** Hands a file made in the page to the browser's downloads. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The click has been taken up by then; until it is, the browser reads from the address.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
