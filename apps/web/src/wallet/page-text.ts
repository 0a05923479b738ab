import { texts } from '../language/texts.ts';

/** What the wallet's page says around its parts, and of balance and lines. */
export const pageText = texts({
  en: {
    title: 'Your wallet',
    home: 'To the studio’s page',
    lede: 'What you earned and why, what it is worth, and the way from it to your bank account.',
    parts: 'Parts of this page',
    places: { balance: 'Balance', earned: 'What you earned', payments: 'Payments', price: 'Price of a JAM' },
    asking: 'Asking the studio…',
    earned: 'Each payment with its reason',
    balance: 'Balance',
    reserved: 'Asked for, waits for its price',
    escrow: 'Waits until it is shown to be yours',
    payee: 'Your payee id, for claims and for the studio',
    worth: 'Worth at the last valuation',
    nothing:
      'Nothing earned yet. Play with consent to record, let a machine work, or write code that runs: each payment will stand here with its reason.',
    line: (kind: string, epoch: string) => `${kind}, epoch ${epoch}`,
    redeem: 'Ask for money',
    amount: 'JAM to redeem',
    about: (dollars: string) => `About ${dollars} at the last valuation.`,
    bad: (example: string) => `Write an amount such as ${example}.`,
    asked: 'Asked for. It is reserved now and priced at the next valuation.',
  },
  de: {
    title: 'Dein Geldbeutel',
    home: 'Zur Seite des Studios',
    lede: 'Was du verdient hast und wofür, was es wert ist und wie daraus Geld auf deinem Bankkonto wird.',
    parts: 'Teile dieser Seite',
    places: {
      balance: 'Guthaben',
      earned: 'Was du verdient hast',
      payments: 'Zahlungen',
      price: 'Preis eines JAM',
    },
    asking: 'Wir fragen das Studio…',
    earned: 'Jede Zahlung mit ihrem Grund',
    balance: 'Guthaben',
    reserved: 'Gewünscht, wartet auf seinen Preis',
    escrow: 'Wartet, bis feststeht, dass es deines ist',
    payee: 'Deine Empfängernummer, für Ansprüche und fürs Studio',
    worth: 'Wert nach der letzten Bewertung',
    nothing:
      'Noch nichts verdient. Spiele und erlaube die Aufnahme, lass einen Rechner arbeiten oder schreibe Code, der läuft: Jede Zahlung steht dann hier mit ihrem Grund.',
    line: (kind: string, epoch: string) => `${kind}, Epoche ${epoch}`,
    redeem: 'Auszahlung wünschen',
    amount: 'JAM zum Einlösen',
    about: (dollars: string) => `Ungefähr ${dollars} nach der letzten Bewertung.`,
    bad: (example: string) => `Schreibe einen Betrag wie ${example}.`,
    asked:
      'Gewünscht. Der Betrag ist jetzt zurückgelegt und bekommt seinen Preis bei der nächsten Bewertung.',
  },
});
