import { useSyncExternalStore } from 'react';

/** `system` follows the device. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const STORAGE_KEY = 'jamnet-theme';
const listeners = new Set<() => void>();
const darkDevice = matchMedia('(prefers-color-scheme: dark)');
darkDevice.addEventListener('change', tell);

let choice: ThemeChoice = readChoice();
apply();

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEME_CHOICES.find((known) => known === stored) ?? 'system';
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
    return 'system';
  }
}

function apply(): void {
  document.documentElement.dataset.theme = choice;
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  apply();
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // As above.
  }
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choice and what it comes to now, as one text such as `system/dark`: changes exactly when the colours do. */
export function useTheme(): `${ThemeChoice}/${'light' | 'dark'}` {
  return useSyncExternalStore(subscribe, () => `${choice}/${darkNow() ? 'dark' : 'light'}` as const);
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice);
}

function darkNow(): boolean {
  return choice === 'dark' || (choice === 'system' && darkDevice.matches);
}
