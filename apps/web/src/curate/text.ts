import { countOf } from '../language/plural.ts';
import { texts } from '../language/texts.ts';

/** What curators read. */
export const text = texts({
  en: {
    title: 'Curate',
    home: 'To the studio’s page',
    looking: 'Looking who you are…',
    unreachable: 'The studio did not answer. Check that it is still running, then try again.',
    signIn: 'Sign in on your account page first, then come back.',
    account: 'Your account',
    looksOn: 'You see what is on trial and what is released; curators hear and judge.',
    notCurator: (name: string) =>
      `You are signed in as ${name}, who is no curator. The operator of this studio can make you one.`,
    hello: (name: string) => `Welcome, ${name}.`,
    lede: 'Judge with your ears what machines made of gaps in the music, approve models, and decide on work that no test can measure.',
    reason: 'Why? Others read it.',
    listen: {
      title: 'Blind listening',
      lede: 'Two versions of the same two seconds, equally loud, without names: gaps as two repairs or two models fill them. Some pairs have a known answer. Nothing of your own household is among them.',
      ab: 'Which sounds more like undisturbed playing?',
      abx: 'X is one of the two. Which?',
      sides: { a: 'A', b: 'B', x: 'X' },
      hear: (side: string) => `Hear ${side}`,
      better: (side: string) => `${side} is better`,
      isX: (side: string) => `X is ${side}`,
      play: 'Play',
      pause: 'Pause',
      loading: 'Loading the sound…',
      soundFailed: 'The sound did not load.',
      hearAll: 'Hear every version first, then answer.',
      progress: (done: number, of: number) => `${done} of ${of} pairs of this round answered`,
      keys: 'Keys: A, B, X choose what sounds, space plays and pauses, 1 answers A and 2 answers B.',
      matched: (lufs: string) => `All versions at ${lufs}, the loudness of the quietest.`,
      none: 'Nothing to judge just now. New pairs come when takes were repaired, and when other curators have to be heard as well.',
      roundOver: (rounds: number) =>
        `${countOf('en', rounds, { one: 'round is', other: 'rounds are' })} done. Rest your ears, or go on.`,
      next: 'Next round',
    },
    credit: {
      title: 'What your ears have earned',
      votes: (votes: string) => `${votes} votes`,
      filed: 'Filed for the next closing of the books',
      agreeing: 'Answers that proved right, of those that can be judged',
      waiting: 'Answers that wait for other households',
      approved: 'Repairs that two households approve',
      rule: 'An answer counts when it names what was planted, or what most of the other households say. Paid is what lies above chance: guessing, or always choosing left, earns nothing.',
      wallet: 'Your wallet shows what was paid',
    },
    candidates: {
      title: 'Models on trial',
      lede: 'A model that was trained here and is better by its figures waits until curators of three households have heard it beside the one in use, without knowing which is which. Whoever is paid for its release is not asked.',
      none: 'No model waits, and none has: a training round brings one.',
      kinds: { groove: 'Forecasts of drummers', concealment: 'Concealment of gaps' },
      gain: (gain: string) => `${gain} better by its figures`,
      states: { waiting: 'Waits', released: 'Released', refused: 'Refused' },
      waits: (groups: number, needed: number, until: string) =>
        `${groups} of ${needed} households have heard it. After ${until} its figures alone decide.`,
      codes: {
        heard: (groups: number) =>
          `${countOf('en', groups, { one: 'household', other: 'households' })} heard it and did not prefer the model before.`,
        deadline: (groups: number) =>
          `its time was over with ${countOf('en', groups, { one: 'household', other: 'households' })} heard, so its figures decided.`,
        'curators-prefer-released': (groups: number) =>
          `${countOf('en', groups, { one: 'household', other: 'households' })} heard it and preferred the model before.`,
        'released-meanwhile': (_groups: number) =>
          'another model was released, or put back, while it waited.',
      },
      withdrawn: (reason: string) => `the operator withdrew it: “${reason}”`,
    },
    releases: {
      title: 'Released models',
      lede: 'Each was measured on performances that it had never seen. Two households approve a model; when two object, the one before it comes back.',
      none: 'No model was trained in this studio yet. When a training round beats the model in use, it stands here with its gain.',
      version: (version: number) => `Version ${version}`,
      gain: (gain: string, least: string) => `${gain} better than the model before, at least ${least} (95 %)`,
      first: 'The model that came with JAMNet',
      rollback: 'Back to an earlier model',
      current: 'in use',
      states: { waiting: 'waits for two households', approved: 'approved', objected: 'objected to' },
      groups: (approving: number, objecting: number) =>
        `${countOf('en', approving, { one: 'household approves', other: 'households approve' })}, ${countOf('en', objecting, { one: 'objects', other: 'object' })}`,
      approve: 'Approve',
      object: 'Object',
      own: { approved: 'You approved', objected: 'You objected' },
      said: { approved: 'For', objected: 'Against' },
    },
    bounties: {
      title: 'Maintenance bounties',
      lede: 'Commits that change no measured output: real upkeep gets the policy’s fixed bounty, noise gets nothing. Work of your own household is for others to judge.',
      which: 'Shown',
      all: 'all',
      noneSuch: 'None is in this state.',
      none: 'Nothing waits. Commits come here when their removal changes nothing that a test could see.',
      size: (statements: number, tokens: number) =>
        `${countOf('en', statements, { one: 'statement', other: 'statements' })}, ${countOf('en', tokens, { one: 'token', other: 'tokens' })}`,
      states: { waiting: 'waits', granted: 'granted', refused: 'refused', paid: 'paid' },
      show: 'Show the change',
      lines: (added: number, removed: number, files: number) =>
        `+${added} −${removed} in ${countOf('en', files, { one: 'file', other: 'files' })}`,
      cut: 'The rest is longer than this page shows.',
      diff: (commit: string) => `Change of ${commit}`,
      grant: 'Grant',
      refuse: 'Refuse',
    },
  },
  de: {
    title: 'Kuratieren',
    home: 'Zur Seite des Studios',
    looking: 'Wir schauen, wer du bist…',
    unreachable:
      'Das Studio hat nicht geantwortet. Sieh nach, ob es noch läuft, und versuche es noch einmal.',
    signIn: 'Melde dich zuerst auf deiner Kontoseite an und komm dann zurück.',
    account: 'Dein Konto',
    looksOn: 'Du siehst, was auf Probe und was freigegeben ist; gehört und geurteilt wird beim Kuratieren.',
    notCurator: (name: string) =>
      `Du bist als ${name} angemeldet und kuratierst nicht. Wer das Studio betreibt, kann das ändern.`,
    hello: (name: string) => `Willkommen, ${name}.`,
    lede: 'Beurteile mit deinen Ohren, was Rechner aus Lücken in der Musik gemacht haben, gib Modelle frei und entscheide über Arbeit, die kein Test misst.',
    reason: 'Warum? Andere lesen es.',
    listen: {
      title: 'Blindes Hören',
      lede: 'Zwei Fassungen derselben zwei Sekunden, gleich laut, ohne Namen: Lücken, wie zwei Reparaturen oder zwei Modelle sie füllen. Bei manchen Paaren ist die Antwort bekannt. Aus deinem eigenen Haushalt ist nichts dabei.',
      ab: 'Welche klingt eher nach ungestörtem Spiel?',
      abx: 'X ist eine der beiden. Welche?',
      sides: { a: 'A', b: 'B', x: 'X' },
      hear: (side: string) => `${side} hören`,
      better: (side: string) => `${side} ist besser`,
      isX: (side: string) => `X ist ${side}`,
      play: 'Wiedergabe',
      pause: 'Anhalten',
      loading: 'Der Klang wird geladen…',
      soundFailed: 'Der Klang wurde nicht geladen.',
      hearAll: 'Höre erst jede Fassung, dann antworte.',
      progress: (done: number, of: number) => `${done} von ${of} Paaren dieser Runde beantwortet`,
      keys: 'Tasten: A, B, X wählen, was klingt, die Leertaste spielt und hält an, 1 antwortet A und 2 antwortet B.',
      matched: (lufs: string) => `Alle Fassungen mit ${lufs}, der Lautheit der leisesten.`,
      none: 'Im Augenblick gibt es nichts zu beurteilen. Neue Paare kommen, wenn Aufnahmen repariert wurden oder andere mitzuhören haben.',
      roundOver: (rounds: number) =>
        `${countOf('de', rounds, { one: 'Runde ist', other: 'Runden sind' })} geschafft. Gönne deinen Ohren eine Pause oder höre weiter.`,
      next: 'Nächste Runde',
    },
    credit: {
      title: 'Was deine Ohren verdient haben',
      votes: (votes: string) => `${votes} Stimmen`,
      filed: 'Angemeldet für den nächsten Abschluss der Bücher',
      agreeing: 'Antworten, die sich bewährt haben, von denen, die sich beurteilen lassen',
      waiting: 'Antworten, die auf andere Haushalte warten',
      approved: 'Reparaturen, die zwei Haushalte gutheißen',
      rule: 'Eine Antwort zählt, wenn sie trifft, was bekannt war, oder was die meisten anderen Haushalte sagen. Bezahlt wird, was über dem Zufall liegt: Raten oder immer links wählen bringt nichts.',
      wallet: 'Was ausgezahlt wurde, steht in deinem Geldbeutel',
    },
    candidates: {
      title: 'Modelle auf Probe',
      lede: 'Ein Modell, das hier trainiert wurde und nach seinen Zahlen besser ist, wartet, bis Kuratierende aus drei Haushalten es neben dem benutzten gehört haben, ohne zu wissen, welches welches ist. Wer an seiner Freigabe verdient, wird nicht gefragt.',
      none: 'Kein Modell wartet, und keines hat gewartet: eine Trainingsrunde bringt eines.',
      kinds: { groove: 'Vorhersagen für Schlagzeug', concealment: 'Verdecken von Lücken' },
      gain: (gain: string) => `nach seinen Zahlen ${gain} besser`,
      states: { waiting: 'Wartet', released: 'Freigegeben', refused: 'Abgelehnt' },
      waits: (groups: number, needed: number, until: string) =>
        `${groups} von ${needed} Haushalten haben es gehört. Nach dem ${until} entscheiden die Zahlen allein.`,
      codes: {
        heard: (groups: number) =>
          `${countOf('de', groups, { one: 'Haushalt hat', other: 'Haushalte haben' })} es gehört und das vorige Modell nicht vorgezogen.`,
        deadline: (groups: number) =>
          `die Zeit war um, ${countOf('de', groups, { one: 'Haushalt hatte', other: 'Haushalte hatten' })} es gehört; so entschieden die Zahlen.`,
        'curators-prefer-released': (groups: number) =>
          `${countOf('de', groups, { one: 'Haushalt hat', other: 'Haushalte haben' })} es gehört und das vorige Modell vorgezogen.`,
        'released-meanwhile': (_groups: number) =>
          'ein anderes Modell wurde freigegeben oder zurückgeholt, während es wartete.',
      },
      withdrawn: (reason: string) => `wer das Studio betreibt, hat es zurückgezogen: „${reason}“`,
    },
    releases: {
      title: 'Freigegebene Modelle',
      lede: 'Jedes wurde an Darbietungen gemessen, die es nie gesehen hatte. Zwei Haushalte heißen ein Modell gut; widersprechen zwei, so kommt das vorige zurück.',
      none: 'In diesem Studio wurde noch kein Modell trainiert. Wenn eine Trainingsrunde das benutzte Modell übertrifft, steht sie hier mit ihrem Gewinn.',
      version: (version: number) => `Fassung ${version}`,
      gain: (gain: string, least: string) =>
        `${gain} besser als das vorige Modell, mindestens ${least} (95 %)`,
      first: 'Das Modell, das mit JAMNet kam',
      rollback: 'Zurück zu einem früheren Modell',
      current: 'in Gebrauch',
      states: { waiting: 'wartet auf zwei Haushalte', approved: 'gutgeheißen', objected: 'widersprochen' },
      groups: (approving: number, objecting: number) =>
        `${countOf('de', approving, { one: 'Haushalt dafür', other: 'Haushalte dafür' })}, ${countOf('de', objecting, { one: 'dagegen', other: 'dagegen' })}`,
      approve: 'Gutheißen',
      object: 'Widersprechen',
      own: { approved: 'Du hast es gutgeheißen', objected: 'Du hast widersprochen' },
      said: { approved: 'Dafür', objected: 'Dagegen' },
    },
    bounties: {
      title: 'Prämien für Pflege',
      lede: 'Commits, die kein gemessenes Ergebnis ändern: echte Pflege bekommt die feste Prämie der Regeln, Lärm bekommt nichts. Über Arbeit deines eigenen Haushalts urteilen andere.',
      which: 'Gezeigt',
      all: 'alle',
      noneSuch: 'Keiner ist in diesem Stand.',
      none: 'Nichts wartet. Commits kommen hierher, wenn ohne sie kein Test etwas anderes sähe.',
      size: (statements: number, tokens: number) =>
        `${countOf('de', statements, { one: 'Anweisung', other: 'Anweisungen' })}, ${countOf('de', tokens, { one: 'Zeichenfolge', other: 'Zeichenfolgen' })}`,
      states: { waiting: 'wartet', granted: 'gewährt', refused: 'abgelehnt', paid: 'ausgezahlt' },
      show: 'Änderung zeigen',
      lines: (added: number, removed: number, files: number) =>
        `+${added} −${removed} in ${countOf('de', files, { one: 'Datei', other: 'Dateien' })}`,
      cut: 'Der Rest ist länger, als diese Seite zeigt.',
      diff: (commit: string) => `Änderung von ${commit}`,
      grant: 'Gewähren',
      refuse: 'Ablehnen',
    },
  },
});
