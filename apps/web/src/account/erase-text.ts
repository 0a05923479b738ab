import { texts } from '../language/texts.ts';

/** What a member reads before they erase themselves. */
export const eraseText = texts({
  en: {
    title: 'Erase your account',
    lede: 'Your sign-ins, passkeys, recovery codes, tokens, your name, your bank details and whatever else you handed in to be paid are erased at once, and machines that work for you are let go. Nobody can bring them back, we neither.',
    stays:
      'What you earned stays in the public books under a number that no longer leads to you. What you wrote in proposals stays there. Recordings are kept by room, not by account: take back your consent there, or ask the operator to erase a take.',
    open: 'See what you would give up',
    balance: 'JAM that nobody could redeem any more',
    payable: 'Money that is owed to you and would not be paid',
    ways: {
      'payout-under-way': 'A payment to you is under way: wait until it is settled or has come back.',
      'redemption-open':
        'You have asked for money that is not paid yet: take that back in your wallet, or wait.',
      'last-operator': 'You are the only operator: make another member operator first.',
    },
    name: 'Your name, to confirm',
    nameHint: (name: string) => `Write ${name}, exactly so.`,
    erase: 'Erase my account',
    sure: 'Erase everything about you?',
    sureWhy: 'This is done at once and cannot be undone. To be paid first, ask for money in your wallet.',
    gone: 'You are erased here. Thank you for playing along.',
  },
  de: {
    title: 'Konto löschen',
    lede: 'Deine Anmeldungen, Passkeys, Wiederherstellungscodes, Tokens, dein Name, deine Bankdaten und was du sonst für Auszahlungen angegeben hast, werden sofort gelöscht, und deine Rechner werden entlassen. Niemand kann sie zurückholen, auch wir nicht.',
    stays:
      'Was du verdient hast, bleibt in den öffentlichen Büchern unter einer Nummer, die nicht mehr zu dir führt. Was du zu Vorschlägen geschrieben hast, bleibt dort stehen. Aufnahmen gehören zu Räumen, nicht zu Konten: Nimm dort deine Einwilligung zurück, oder bitte den Betrieb, eine Aufnahme zu löschen.',
    open: 'Ansehen, worauf du verzichten würdest',
    balance: 'JAM, die niemand mehr einlösen könnte',
    payable: 'Geld, das dir zusteht und nicht mehr gezahlt würde',
    ways: {
      'payout-under-way':
        'Eine Zahlung an dich ist unterwegs: Warte, bis sie angekommen oder zurückgekommen ist.',
      'redemption-open':
        'Du hast dir Geld gewünscht, das noch nicht bezahlt ist: Nimm den Wunsch im Geldbeutel zurück oder warte.',
      'last-operator': 'Nur du betreibst das Studio: Mach zuerst ein anderes Mitglied zur Betreiber*in.',
    },
    name: 'Dein Name, zur Bestätigung',
    nameHint: (name: string) => `Schreibe ${name}, genau so.`,
    erase: 'Mein Konto löschen',
    sure: 'Alles über dich löschen?',
    sureWhy:
      'Das geschieht sofort und lässt sich nicht zurücknehmen. Willst du vorher bezahlt werden, wünsche dir im Geldbeutel eine Auszahlung.',
    gone: 'Hier ist nichts mehr von dir. Danke, dass du mitgespielt hast.',
  },
});
