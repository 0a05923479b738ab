import { texts } from '../../language/texts.ts';

/** What the rules of money coming in and going out are called, and what each is for. By path, `*` for any key. */
export const moneyText = texts({
  en: {
    redemption: {
      name: 'Redeeming units',
      why: 'How much of the reserve may be paid out for units, and when.',
    },
    'redemption/monthlyPpm': { name: 'Most in a month', why: 'Of all units that are out.' },
    'redemption/quarterlyPpm': {
      name: 'Most in a quarter',
      why: 'Of all units that are out; not less than in a month.',
    },
    'redemption/fullReservePpm': {
      name: 'Cover for the full price',
      why: 'Reserve as a part of what all units are worth; below it, less is paid.',
    },
    'redemption/bufferPpm': { name: 'Buffer', why: 'Part of the reserve that redeeming never touches.' },
    'redemption/valuationAgeDaysMax': { name: 'Oldest valuation', why: 'An older one pays nobody.' },
    'redemption/smallCents': { name: 'Small requests go first', why: 'Up to this amount.' },
    currencies: {
      name: 'Other currencies',
      why: 'What may be paid in besides dollars; without this part nothing.',
    },
    'currencies/accepted': { name: 'Accepted', why: 'One at least.' },
    'currencies/rateAgeDaysMax': {
      name: 'A rate holds for',
      why: 'After its own day: as many days as its source has holidays in a row.',
    },
    products: { name: 'Products', why: 'What the studio sells, and to which stream its revenue belongs.' },
    'products/*/title': { name: 'Title', why: 'As people read it.' },
    'products/*/stream': { name: 'Stream', why: 'Where its revenue belongs.' },
    unassignedProduct: { name: 'Product of card payments that name none', why: 'One of the products above.' },
    payouts: {
      name: 'Paying out',
      why: 'Who is paid how, when and over what; without this part the defaults hold.',
    },
    'payouts/rails': { name: 'Ways for money to leave', why: 'One at least.' },
    'payouts/dailyCentsMax': { name: 'Most for a payee in 24 hours', why: 'Left out: no limit.' },
    'payouts/centsMin': { name: 'Least that is paid', why: 'Less waits until more is payable.' },
    'payouts/bankDetailRestDays': {
      name: 'Rest after new bank details',
      why: 'Time for the owner of a stolen account to notice.',
    },
    'payouts/withoutTaxForm': {
      name: 'Without a valid tax form',
      why: 'What happens to a payee who has none.',
    },
    'payouts/conversionFee': { name: 'Conversion fee', why: 'Kept by the studio once a payout has settled.' },
    'payouts/conversionFee/ppm': { name: 'Part of the payout', why: 'Between the least and the most below.' },
    'payouts/conversionFee/centsMin': { name: 'Least fee', why: 'Even where the part is less.' },
    'payouts/conversionFee/centsMax': { name: 'Most fee', why: 'Even where the part is more.' },
    unclaimed: {
      name: 'Unclaimed pay',
      why: 'What becomes of pay whose payee never shows up; without this part it waits for ever.',
    },
    'unclaimed/expiryDays': { name: 'Returns after', why: 'Counted from the end of the epoch that paid.' },
    liquidity: {
      name: 'Sale or listing of the studio',
      why: 'What then becomes of units; without this part they stay units.',
    },
    'liquidity/on': { name: 'Converts at', why: 'One at least.' },
    'liquidity/convertsPpm': {
      name: 'Part that converts',
      why: 'Of each holder’s units; the rest stays units.',
    },
    'liquidity/noticeDays': { name: 'Notice', why: 'Between the announcement and the conversion.' },
  },
  de: {
    redemption: {
      name: 'Anteile einlösen',
      why: 'Wie viel der Rücklage für Anteile ausgezahlt werden darf, und wann.',
    },
    'redemption/monthlyPpm': { name: 'Höchstens im Monat', why: 'Von allen ausgegebenen Anteilen.' },
    'redemption/quarterlyPpm': {
      name: 'Höchstens im Quartal',
      why: 'Von allen ausgegebenen Anteilen; nicht weniger als im Monat.',
    },
    'redemption/fullReservePpm': {
      name: 'Deckung für den vollen Preis',
      why: 'Rücklage als Teil dessen, was alle Anteile wert sind; darunter wird weniger gezahlt.',
    },
    'redemption/bufferPpm': { name: 'Puffer', why: 'Teil der Rücklage, den das Einlösen nie anrührt.' },
    'redemption/valuationAgeDaysMax': {
      name: 'Älteste Bewertung',
      why: 'Nach einer älteren wird niemand bezahlt.',
    },
    'redemption/smallCents': { name: 'Kleine Wünsche zuerst', why: 'Bis zu diesem Betrag.' },
    currencies: {
      name: 'Andere Währungen',
      why: 'Womit man außer Dollar zahlen darf; ohne diesen Teil mit nichts.',
    },
    'currencies/accepted': { name: 'Angenommen', why: 'Mindestens eine.' },
    'currencies/rateAgeDaysMax': {
      name: 'Ein Kurs gilt noch',
      why: 'Nach seinem eigenen Tag: so viele Tage, wie seine Quelle hintereinander frei hat.',
    },
    products: {
      name: 'Produkte',
      why: 'Was das Studio verkauft, und zu welcher Quelle die Einnahmen gehören.',
    },
    'products/*/title': { name: 'Titel', why: 'Wie man ihn liest.' },
    'products/*/stream': { name: 'Quelle', why: 'Wohin seine Einnahmen gehören.' },
    unassignedProduct: { name: 'Produkt für Kartenzahlungen ohne Angabe', why: 'Eines der Produkte oben.' },
    payouts: {
      name: 'Auszahlen',
      why: 'Wer wie, wann und worüber bezahlt wird; ohne diesen Teil gilt das Übliche.',
    },
    'payouts/rails': { name: 'Wege für Geld hinaus', why: 'Mindestens einer.' },
    'payouts/dailyCentsMax': {
      name: 'Höchstens für einen Empfänger in 24 Stunden',
      why: 'Weggelassen: keine Grenze.',
    },
    'payouts/centsMin': { name: 'Kleinste Auszahlung', why: 'Weniger wartet, bis mehr zusammen ist.' },
    'payouts/bankDetailRestDays': {
      name: 'Ruhe nach neuen Bankdaten',
      why: 'Zeit, in der jemand merkt, dass das eigene Konto gestohlen ist.',
    },
    'payouts/withoutTaxForm': {
      name: 'Ohne gültiges Steuerformular',
      why: 'Was mit einem Empfänger geschieht, der keines hat.',
    },
    'payouts/conversionFee': {
      name: 'Umtauschgebühr',
      why: 'Behält das Studio, sobald eine Auszahlung angekommen ist.',
    },
    'payouts/conversionFee/ppm': {
      name: 'Teil der Auszahlung',
      why: 'Zwischen dem Kleinsten und dem Größten darunter.',
    },
    'payouts/conversionFee/centsMin': { name: 'Kleinste Gebühr', why: 'Auch wo der Teil kleiner ist.' },
    'payouts/conversionFee/centsMax': { name: 'Größte Gebühr', why: 'Auch wo der Teil größer ist.' },
    unclaimed: {
      name: 'Nicht abgeholter Lohn',
      why: 'Was aus Lohn wird, dessen Empfänger nie kommt; ohne diesen Teil wartet er für immer.',
    },
    'unclaimed/expiryDays': {
      name: 'Geht zurück nach',
      why: 'Gezählt vom Ende der Epoche, die bezahlt hat.',
    },
    liquidity: {
      name: 'Verkauf oder Börsengang des Studios',
      why: 'Was dann aus Anteilen wird; ohne diesen Teil bleiben sie, was sie sind.',
    },
    'liquidity/on': { name: 'Wandelt bei', why: 'Mindestens eines.' },
    'liquidity/convertsPpm': { name: 'Gewandelter Teil', why: 'Von den Anteilen aller; der Rest bleibt.' },
    'liquidity/noticeDays': { name: 'Vorlauf', why: 'Zwischen Ankündigung und Wandlung.' },
  },
});
