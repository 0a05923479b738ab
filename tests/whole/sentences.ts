import type { Page } from 'playwright-core';

/**
 * What a reader can see or is read aloud: texts and the names of things, each once. Without what is marked as of another
 * language, code, and the names of people and their things (`translate="no"`, HTML §3.2.6.2).
 */
export async function sentencesOf(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(`(() => {
    const said = new Set([document.title]);
    const apart = '[lang]:not(html), [translate=no], code, pre, script, style, noscript, textarea';
    const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
    const say = (text) => { const plain = (text ?? '').trim().replace(/\\s+/g, ' '); if (/\\p{L}{2}/u.test(plain)) said.add(plain); };
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest(apart) !== null) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) say(element.getAttribute(name));
      const drawn = element instanceof HTMLOptionElement ? element.closest('select') : element;
      if (drawn === null || !isShown(drawn)) continue;
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) say(node.data);
    }
    return [...said];
  })()`);
  // The expression above yields a list of texts.
  return found as readonly string[];
}

/**
 * The sentences that stay when the page is turned from English to German: texts that nobody has translated. The page is left in German.
 * `known` are those that are rightly the same.
 */
export async function untranslated(page: Page, known: readonly string[] = []): Promise<readonly string[]> {
  await speak(page, 'English');
  const english = new Set(await sentencesOf(page));
  await speak(page, 'Deutsch');
  const german = await sentencesOf(page);
  if (english.size < 5) throw new Error('next to nothing stands on the page: it is not there yet');
  const same = new Set(['JAMNet', 'Auto', ...known]);
  return german.filter((sentence) => english.has(sentence) && !same.has(sentence));
}

/** Turns the page's language by its switch. */
export async function speak(page: Page, language: 'English' | 'Deutsch'): Promise<void> {
  await page.getByRole('radio', { name: language }).check({ force: true });
  await page.locator(`html[lang=${language === 'English' ? 'en' : 'de'}]`).waitFor();
}
