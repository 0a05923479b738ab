import type { Page } from 'playwright-core';

/** Lends a page without MIDI devices a keyboard and a synthesizer, before its own scripts run: Chromium has no fake ones. */
export async function lendMidi(page: Page): Promise<void> {
  await page.addInitScript(`{
    const heard = [];
    const keys = { id: 'keys', name: 'Keyboard', state: 'connected', onmidimessage: null };
    const synth = { id: 'synth', name: 'Synthesizer', state: 'connected', send: (message) => heard.push([...message]) };
    const access = { inputs: new Map([['keys', keys]]), outputs: new Map([['synth', synth]]), onstatechange: null };
    navigator.requestMIDIAccess = async () => access;
    globalThis.playKey = (message) => keys.onmidimessage?.({ data: Uint8Array.from(message) });
    globalThis.heardKeys = () => heard;
  }`);
}

/** A message from the keyboard. */
export async function playKey(page: Page, message: readonly number[]): Promise<void> {
  await page.evaluate(`playKey(${JSON.stringify(message)})`);
}

/** All that the synthesizer was given. */
export async function heardKeys(page: Page): Promise<readonly (readonly number[])[]> {
  return (await page.evaluate('heardKeys()')) as readonly (readonly number[])[]; // the function above
}
