import { texts } from '../language/texts.ts';

/** The names of one's own pages. */
export const ownPlacesText = texts({
  en: { label: 'Your pages', account: 'Account', wallet: 'Wallet', machines: 'Machines' },
  de: { label: 'Deine Seiten', account: 'Konto', wallet: 'Geldbeutel', machines: 'Rechner' },
});
