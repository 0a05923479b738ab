import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
}

export interface PersonOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /** Of the screen, in CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A person's browser, with an authenticator of its own that always agrees. */
export async function newPerson(browser: Browser, options: PersonOptions = {}): Promise<Person> {
  const context = await browser.newContext({ reducedMotion: 'reduce', colorScheme: 'light', ...options });
  const page = await context.newPage();
  const debuggerOf = await context.newCDPSession(page);
  await debuggerOf.send('WebAuthn.enable');
  await debuggerOf.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page };
}

export async function makeAccount(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  // By their places: the page speaks the person's language.
  await page.locator('input[name=name]').fill(name);
  await page.locator('form button.primary').click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}
