import { countOf } from '../../language/plural.ts';
import { texts } from '../../language/texts.ts';

/** What is said about money on its way to people. */
export const payoutsText = texts({
  en: {
    lede: 'Redemptions are priced by the newest valuation; what is due is then debited and written into files for the bank. The bank’s answers settle it, or bring it back.',
    price: 'Price what waits',
    priced: (money: string, jam: string) => `${money} became due for ${jam}.`,
    plan: 'What sending would send',
    nothing: 'Nothing is due that may be paid.',
    rail: 'Way',
    people: 'People',
    gross: 'Due',
    withheld: 'Tax withheld',
    fee: 'Fee',
    amount: 'To be paid',
    held: 'Held back',
    send: 'Debit and send',
    sure: 'Debit these accounts and write the bank’s files?',
    sureWhy: 'Each payment is made once: if this is interrupted, sending again goes on and doubles nothing.',
    sent: (batch: string, payments: number, total: string) =>
      `${batch}: ${countOf('en', payments, { one: 'payment', other: 'payments' })}, ${total}`,
    file: (file: string) => `File for the bank, on the studio’s machine: ${file}`,
    saveFile: 'Save the file for the bank',
    answer: 'Answer of the bank',
    answerHint:
      'pain.002, camt.054 or camt.053, or a NACHA return file, as the bank gave it. Reading it twice is harmless.',
    applied: (applied: number, odd: number) =>
      `${countOf('en', applied, { one: 'payment has', other: 'payments have' })} an answer; ${odd} did not fit.`,
    payments: 'Payments',
    none: 'No payment was made yet.',
    state: 'State',
    all: 'all',
    payee: 'Payee',
    why: 'Why',
    states: {
      reserving: 'being reserved',
      reserved: 'reserved',
      submitted: 'with the bank',
      unknown: 'unknown',
      settled: 'settled',
      returned: 'returned',
      refused: 'refused',
    },
  },
  de: {
    lede: 'Einlösungen rechnet die neueste Bewertung ab; was fällig ist, wird belastet und in Dateien für die Bank geschrieben. Die Antworten der Bank schließen es ab oder bringen es zurück.',
    price: 'Wartendes abrechnen',
    priced: (money: string, jam: string) => `${money} wurden fällig für ${jam}.`,
    plan: 'Was das Senden senden würde',
    nothing: 'Nichts ist fällig, das bezahlt werden darf.',
    rail: 'Weg',
    people: 'Leute',
    gross: 'Fällig',
    withheld: 'Steuer einbehalten',
    fee: 'Gebühr',
    amount: 'Wird bezahlt',
    held: 'Zurückgehalten',
    send: 'Belasten und senden',
    sure: 'Diese Konten belasten und die Dateien für die Bank schreiben?',
    sureWhy:
      'Jede Zahlung geschieht einmal: bricht es ab, macht erneutes Senden weiter und verdoppelt nichts.',
    sent: (batch: string, payments: number, total: string) =>
      `${batch}: ${countOf('de', payments, { one: 'Zahlung', other: 'Zahlungen' })}, ${total}`,
    file: (file: string) => `Datei für die Bank, auf dem Rechner des Studios: ${file}`,
    saveFile: 'Die Datei für die Bank speichern',
    answer: 'Antwort der Bank',
    answerHint:
      'pain.002, camt.054 oder camt.053 oder eine NACHA-Rückgabe, wie die Bank sie gab. Zweimal lesen schadet nicht.',
    applied: (applied: number, odd: number) =>
      `${countOf('de', applied, { one: 'Zahlung hat', other: 'Zahlungen haben' })} eine Antwort; ${odd} passten nicht.`,
    payments: 'Zahlungen',
    none: 'Noch keine Zahlung.',
    state: 'Stand',
    all: 'alle',
    payee: 'Empfänger',
    why: 'Warum',
    states: {
      reserving: 'wird reserviert',
      reserved: 'reserviert',
      submitted: 'bei der Bank',
      unknown: 'unbekannt',
      settled: 'abgeschlossen',
      returned: 'zurückgekommen',
      refused: 'abgelehnt',
    },
  },
});
