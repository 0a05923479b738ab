import { texts } from '../language/texts.ts';

/** What the operator's page says around its parts. */
export const text = texts({
  en: {
    title: 'Studio',
    home: 'To the studio’s page',
    lede: 'What comes in, by which rules it is shared, and how it reaches people’s accounts.',
    looking: 'Looking who you are…',
    asking: 'Asking the studio…',
    unreachable: 'The studio did not answer. Check that it is still running, then try again.',
    signIn: 'Sign in on your account page first, then come back.',
    account: 'Your account',
    notOperator: (name: string) =>
      `You are signed in as ${name}, who neither runs nor audits this studio. Its operator can change that.`,
    reads: 'You read here as auditor: what changes anything is the operator’s.',
    parts: 'Parts of the studio',
    places: {
      epochs: 'Epochs',
      revenue: 'Revenue',
      valuations: 'Valuations',
      policy: 'Policy',
      payouts: 'Payouts',
      payees: 'Payees',
      perks: 'Perks',
      hardware: 'Hardware',
      'cap-table': 'Cap table',
      nodes: 'Nodes',
      acts: 'Acts',
    },
  },
  de: {
    title: 'Studio',
    home: 'Zur Seite des Studios',
    lede: 'Was hereinkommt, nach welchen Regeln es geteilt wird und wie es auf die Konten der Leute kommt.',
    looking: 'Wir schauen, wer du bist…',
    asking: 'Das Studio wird gefragt…',
    unreachable:
      'Das Studio hat nicht geantwortet. Sieh nach, ob es noch läuft, und versuche es noch einmal.',
    signIn: 'Melde dich zuerst auf deiner Kontoseite an und komm dann zurück.',
    account: 'Dein Konto',
    notOperator: (name: string) =>
      `Du bist als ${name} angemeldet und betreibst oder prüfst dieses Studio nicht. Wer es betreibt, kann das ändern.`,
    reads: 'Du liest hier als Prüfer: ändern kann nur, wer das Studio betreibt.',
    parts: 'Teile des Studios',
    places: {
      epochs: 'Epochen',
      revenue: 'Einnahmen',
      valuations: 'Bewertungen',
      policy: 'Regeln',
      payouts: 'Auszahlungen',
      payees: 'Empfänger',
      perks: 'Extras',
      hardware: 'Geräte',
      'cap-table': 'Beteiligungen',
      nodes: 'Rechner',
      acts: 'Handlungen',
    },
  },
});
