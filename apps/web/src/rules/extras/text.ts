import { texts } from '../../language/texts.ts';

/** What the rules of devices, perks, code and music are called, and what each is for. By path, `*` for any key. */
export const extraText = texts({
  en: {
    hardware: {
      name: 'Reward for a new device',
      why: 'Earned by the buyer with its first verified session; without this part none.',
    },
    'hardware/meter': { name: 'Meter', why: 'One of the meters above; its kind bears the rewards.' },
    'hardware/rewards': { name: 'Rewards by product', why: 'In the unit of the meter.' },
    'hardware/rewards/*': { name: 'Reward', why: 'For the product of this key.' },
    'hardware/sessionMeritMin': {
      name: 'Least session',
      why: 'What the first session must have brought, in the unit of its own meter.',
    },
    'hardware/afterReward': { name: 'After a refund', why: 'What becomes of a reward already paid.' },
    perks: { name: 'Perks', why: 'What JAM can be exchanged for beside money.' },
    'perks/*/kind': {
      name: 'Sort',
      why: 'A discount is redeemed at the shop, the others by the service itself.',
    },
    'perks/*/title': { name: 'Title', why: 'As people read it.' },
    'perks/*/unit': { name: 'Unit', why: 'What one of it is, such as a GPU hour.' },
    'perks/*/priceCents': { name: 'Price of one', why: 'Paid in JAM at the price of a unit.' },
    'perks/*/payeeMonthly': { name: 'Most for one payee', why: 'In a month (UTC).' },
    'perks/*/monthly': { name: 'Most for all together', why: 'In a month (UTC).' },
    'perks/*/validDays': { name: 'Valid for', why: 'From the grant; what was not used then lapses.' },
    code: {
      name: 'Code beside its authors',
      why: 'How a repository’s merit is divided; without this part it is all theirs.',
    },
    'code/meter': { name: 'Meter of code', why: 'One of the meters of the kind code.' },
    'code/dependencies': { name: 'Packages that it runs', why: 'Without this part they get nothing.' },
    'code/dependencies/budgetPpm': {
      name: 'Part for packages',
      why: 'Of the repository’s merit; what caps leave over stays with its authors.',
    },
    'code/bounty': { name: 'Maintenance bounties', why: 'Without this part there are none.' },
    'code/bounty/merit': {
      name: 'Merit of one bounty',
      why: 'The same for each commit that a curator accepts; 1,000,000,000 is all that a repository earns in an epoch.',
    },
    'code/bounty/sharePpmMax': {
      name: 'Most for bounties',
      why: 'Of what a repository’s code earns, use and bounties together.',
    },
    music: {
      name: 'Music beside playing',
      why: 'What takes earn by their worth to models; without this part nothing.',
    },
    'music/modelValue': {
      name: 'Worth to models',
      why: 'A released model pays the takes that it learnt from.',
    },
    'music/modelValue/meter': { name: 'Meter of that worth', why: 'One of the meters of the kind music.' },
    'music/modelValue/playedMeter': {
      name: 'Meter of playing',
      why: 'In milliseconds; another than the one before.',
    },
    'music/modelValue/sharePpm': {
      name: 'Pot of a release',
      why: 'As a part of what was played since the one before.',
    },
    documents: { name: 'Documents', why: 'Hashes of what these rules pin, such as the reference workload.' },
    'documents/*': { name: 'Its hash', why: 'SHA-256: 64 hex digits, in lower case.' },
  },
  de: {
    hardware: {
      name: 'Lohn für ein neues Gerät',
      why: 'Verdient, wer es kauft, mit der ersten geprüften Sitzung; ohne diesen Teil nichts.',
    },
    'hardware/meter': { name: 'Messgröße', why: 'Eine der Messgrößen oben; ihre Art trägt den Lohn.' },
    'hardware/rewards': { name: 'Lohn nach Produkt', why: 'In der Einheit der Messgröße.' },
    'hardware/rewards/*': { name: 'Lohn', why: 'Für das Produkt mit diesem Schlüssel.' },
    'hardware/sessionMeritMin': {
      name: 'Kleinste Sitzung',
      why: 'Was die erste Sitzung gebracht haben muss, in der Einheit ihrer Messgröße.',
    },
    'hardware/afterReward': { name: 'Nach einer Rückgabe', why: 'Was aus schon gezahltem Lohn wird.' },
    perks: { name: 'Extras', why: 'Wogegen sich JAM außer gegen Geld tauschen lassen.' },
    'perks/*/kind': {
      name: 'Sorte',
      why: 'Ein Rabatt wird im Laden eingelöst, das andere beim Dienst selbst.',
    },
    'perks/*/title': { name: 'Titel', why: 'Wie man ihn liest.' },
    'perks/*/unit': { name: 'Einheit', why: 'Was eines davon ist, etwa eine GPU-Stunde.' },
    'perks/*/priceCents': { name: 'Preis für eines', why: 'Bezahlt in JAM zum Preis eines Anteils.' },
    'perks/*/payeeMonthly': { name: 'Höchstens für einen Empfänger', why: 'In einem Monat (UTC).' },
    'perks/*/monthly': { name: 'Höchstens für alle zusammen', why: 'In einem Monat (UTC).' },
    'perks/*/validDays': {
      name: 'Gültig',
      why: 'Ab dem Gewähren; was bis dahin nicht benutzt ist, verfällt.',
    },
    code: {
      name: 'Code neben denen, die ihn schreiben',
      why: 'Wie sich das Verdienst eines Quelltexts verteilt; ohne diesen Teil gehört ihnen alles.',
    },
    'code/meter': { name: 'Messgröße für Code', why: 'Eine der Messgrößen der Art Code.' },
    'code/dependencies': { name: 'Pakete, die er benutzt', why: 'Ohne diesen Teil bekommen sie nichts.' },
    'code/dependencies/budgetPpm': {
      name: 'Teil für Pakete',
      why: 'Vom Verdienst des Quelltexts; was Grenzen übrig lassen, bleibt bei denen, die ihn schreiben.',
    },
    'code/bounty': { name: 'Prämien für Pflege', why: 'Ohne diesen Teil gibt es keine.' },
    'code/bounty/merit': {
      name: 'Verdienst einer Prämie',
      why: 'Gleich für jeden angenommenen Commit; 1.000.000.000 ist alles, was ein Quelltext in einer Epoche verdient.',
    },
    'code/bounty/sharePpmMax': {
      name: 'Höchstens für Prämien',
      why: 'Von dem, was ein Quelltext verdient, Nutzung und Prämien zusammen.',
    },
    music: {
      name: 'Musik neben dem Spielen',
      why: 'Was Aufnahmen mit ihrem Wert für Modelle verdienen; ohne diesen Teil nichts.',
    },
    'music/modelValue': {
      name: 'Wert für Modelle',
      why: 'Ein veröffentlichtes Modell bezahlt die Aufnahmen, aus denen es gelernt hat.',
    },
    'music/modelValue/meter': { name: 'Messgröße dieses Werts', why: 'Eine der Messgrößen der Art Musik.' },
    'music/modelValue/playedMeter': {
      name: 'Messgröße des Spielens',
      why: 'In Millisekunden; eine andere als die davor.',
    },
    'music/modelValue/sharePpm': {
      name: 'Topf einer Veröffentlichung',
      why: 'Als Teil dessen, was seit der vorigen gespielt wurde.',
    },
    documents: {
      name: 'Dokumente',
      why: 'Hashes dessen, was diese Regeln festhalten, etwa die Referenzaufgabe.',
    },
    'documents/*': { name: 'Hash davon', why: 'SHA-256: 64 Hexziffern, klein geschrieben.' },
  },
});
