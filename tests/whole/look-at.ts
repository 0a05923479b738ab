import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { DESKTOP, keepScreen, PHONE, seriousFindings } from './page-browser.ts';

/** Looks at the page on phone and desktop, light and dark: it fits, axe-core finds nothing serious, and a picture of each is kept. */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const [screen, viewport] of [
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width, `${name} on ${screen}`).toBe(viewport.width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await keepScreen(page, `${name}-${screen}-${colorScheme}`);
      expect(await seriousFindings(page), `${name} on ${screen} in ${colorScheme}`).toEqual([]);
    }
  }
}
