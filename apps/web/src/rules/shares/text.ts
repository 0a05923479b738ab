import { texts } from '../../language/texts.ts';

/** What the rules call by which an epoch shares, and what each is for. By path, `*` for any key. */
export const shareText = texts({
  en: {
    schema: { name: 'Format', why: 'Which form of policy this document has.' },
    version: { name: 'Revision', why: 'Counts up with each policy that is published.' },
    name: { name: 'Name', why: 'What people call these rules.' },
    sample: { name: 'Marked as a sample', why: 'Yes for a sample evening, no for real months.' },
    epochs: { name: 'Epochs', why: 'Over which time what came in is shared.' },
    'epochs/id': { name: 'Name of the sample epoch', why: 'Lower-case letters, digits and hyphens.' },
    currency: { name: 'Currency of the books', why: 'All amounts in the books are kept in it.' },
    contributorShare: {
      name: 'Contributors’ part of net revenue',
      why: 'As a fraction, at least 1/2 and at most 1.',
    },
    streams: {
      name: 'Streams of revenue',
      why: 'Where money comes from, and how each stream is split among the kinds of contribution.',
    },
    'streams/hardware': { name: 'Hardware', why: 'Devices that are sold.' },
    'streams/subscription': { name: 'Subscriptions', why: 'What players and bands pay by the month.' },
    'streams/compute': { name: 'Compute licences', why: 'What others pay for computing on the mesh.' },
    'streams/licence': { name: 'Enterprise licences', why: 'What companies pay for seats.' },
    'streams/storage': { name: 'Storage', why: 'What is paid for keeping files.' },
    'streams/conversion-fee': { name: 'Conversion fees', why: 'What paying out in cash costs.' },
    'streams/*/refundWindowDays': {
      name: 'Refund window',
      why: 'A payment counts when so many days have passed in which it could be charged back.',
    },
    'streams/*/kindsPpm': { name: 'Split among the kinds', why: 'The four parts make up 100 % together.' },
    'streams/*/kindsPpm/music': { name: 'Music', why: 'What is played and heard.' },
    'streams/*/kindsPpm/code': { name: 'Code', why: 'What runs and who wrote it.' },
    'streams/*/kindsPpm/compute': { name: 'Compute', why: 'What machines computed.' },
    'streams/*/kindsPpm/curation': { name: 'Curation', why: 'What listeners told by their votes.' },
    meters: {
      name: 'Meters',
      why: 'What is measured; each meter belongs to one kind and earns by its weight.',
    },
    'meters/*/kind': { name: 'Kind', why: 'Out of whose part it is paid.' },
    'meters/*/weight': {
      name: 'Weight',
      why: 'Its quantities are multiplied by it before they are compared.',
    },
    ownerGroupCapPpm: {
      name: 'Most for one owner group',
      why: 'Of what an epoch issues; 100 % means no cap.',
    },
    pricing: { name: 'Price of a unit', why: 'What one JAM costs when an epoch turns money into units.' },
    'pricing/opinionSha256': {
      name: 'Counsel’s opinion',
      why: 'SHA-256 of the document, 64 hex digits; pricing by value needs it.',
    },
    'pricing/planSha256': {
      name: 'Written plan',
      why: 'SHA-256 of the document, 64 hex digits; pricing by value needs it.',
    },
    'pricing/centsPerUnit': { name: 'Fixed price', why: 'In cents for one JAM, whole or as a fraction.' },
    issueShare: {
      name: 'Part issued as units',
      why: 'Of what contributors get, as a fraction above 0 and at most 1; the rest is owed in cash.',
    },
    pool: { name: 'Pool of units', why: 'From which every unit is issued.' },
    'pool/authorisedMicroJam': {
      name: 'Size of the whole pool',
      why: 'Making it larger waits one whole epoch and needs a later valuation.',
    },
  },
  de: {
    schema: { name: 'Form', why: 'Welche Form von Regeln dieses Dokument hat.' },
    version: { name: 'Fassung', why: 'Zählt mit jeder Veröffentlichung weiter.' },
    name: { name: 'Bezeichnung', why: 'Wie man diese Regeln nennt.' },
    sample: { name: 'Als Probe gekennzeichnet', why: 'Ja für einen Probeabend, nein für echte Monate.' },
    epochs: { name: 'Epochen', why: 'Über welche Zeit geteilt wird, was hereinkam.' },
    'epochs/id': { name: 'Kennung der Probe-Epoche', why: 'Kleine Buchstaben, Ziffern und Bindestriche.' },
    currency: { name: 'Währung der Bücher', why: 'In ihr stehen alle Beträge der Bücher.' },
    contributorShare: {
      name: 'Teil der Beitragenden an den Nettoeinnahmen',
      why: 'Als Bruch, mindestens 1/2 und höchstens 1.',
    },
    streams: {
      name: 'Quellen der Einnahmen',
      why: 'Woher Geld kommt, und wie sich jede Quelle auf die Arten von Beiträgen verteilt.',
    },
    'streams/hardware': { name: 'Geräte', why: 'Verkaufte Geräte.' },
    'streams/subscription': { name: 'Abonnements', why: 'Was Spielende und Bands im Monat zahlen.' },
    'streams/compute': { name: 'Rechenlizenzen', why: 'Was andere für Rechenzeit auf dem Netz zahlen.' },
    'streams/licence': { name: 'Firmenlizenzen', why: 'Was Firmen für Plätze zahlen.' },
    'streams/storage': { name: 'Speicher', why: 'Was fürs Aufbewahren von Dateien gezahlt wird.' },
    'streams/conversion-fee': { name: 'Umtauschgebühren', why: 'Was das Auszahlen in Geld kostet.' },
    'streams/*/refundWindowDays': {
      name: 'Frist für Rückzahlungen',
      why: 'Eine Zahlung zählt, wenn so viele Tage vorbei sind, in denen sie zurückgeholt werden kann.',
    },
    'streams/*/kindsPpm': { name: 'Verteilung auf die Arten', why: 'Die vier Teile ergeben zusammen 100 %.' },
    'streams/*/kindsPpm/music': { name: 'Musik', why: 'Was gespielt und gehört wird.' },
    'streams/*/kindsPpm/code': { name: 'Code', why: 'Was läuft, und wer es schrieb.' },
    'streams/*/kindsPpm/compute': { name: 'Rechenzeit', why: 'Was Rechner gerechnet haben.' },
    'streams/*/kindsPpm/curation': { name: 'Auswahl', why: 'Was Hörende mit ihren Stimmen gesagt haben.' },
    meters: {
      name: 'Messgrößen',
      why: 'Was gemessen wird; jede Messgröße gehört zu einer Art und verdient nach ihrem Gewicht.',
    },
    'meters/*/kind': { name: 'Art', why: 'Aus wessen Teil sie bezahlt wird.' },
    'meters/*/weight': {
      name: 'Gewicht',
      why: 'Damit werden ihre Mengen malgenommen, bevor man sie vergleicht.',
    },
    ownerGroupCapPpm: {
      name: 'Höchstens für eine Eigentümergruppe',
      why: 'Von dem, was eine Epoche ausgibt; 100 % heißt keine Grenze.',
    },
    pricing: {
      name: 'Preis eines Anteils',
      why: 'Was ein JAM kostet, wenn eine Epoche Geld in Anteile umrechnet.',
    },
    'pricing/opinionSha256': {
      name: 'Rechtsgutachten',
      why: 'SHA-256 des Dokuments, 64 Hexziffern; ein Preis nach Wert braucht es.',
    },
    'pricing/planSha256': {
      name: 'Schriftlicher Plan',
      why: 'SHA-256 des Dokuments, 64 Hexziffern; ein Preis nach Wert braucht ihn.',
    },
    'pricing/centsPerUnit': { name: 'Fester Preis', why: 'In Cent für einen JAM, ganz oder als Bruch.' },
    issueShare: {
      name: 'Als Anteile ausgegebener Teil',
      why: 'Von dem, was Beitragende bekommen, als Bruch über 0 und höchstens 1; der Rest wird in Geld geschuldet.',
    },
    pool: { name: 'Topf der Anteile', why: 'Aus ihm wird jeder Anteil ausgegeben.' },
    'pool/authorisedMicroJam': {
      name: 'Größe des ganzen Topfs',
      why: 'Ihn zu vergrößern wartet eine ganze Epoche und braucht danach eine Bewertung.',
    },
  },
});
