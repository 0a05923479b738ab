import { countOf } from '../language/plural.ts';
import { texts } from '../language/texts.ts';

/** What the page about code says. */
export const text = texts({
  en: {
    title: 'Code',
    home: 'To the studio’s page',
    lede: 'Whose code runs, what it earns, and how what you wrote comes to you.',
    parts: 'Parts of this page',
    places: { repositories: 'Repositories', claims: 'Your commits', bounties: 'Bounties', filing: 'Filing' },
    signIn: 'To be paid for your commits, sign in first:',
    account: 'your account',
    repositories: {
      lede: 'Code earns by running: a workload that everybody can repeat counts which statements produce its output, and each belongs to who wrote it.',
      none: 'No repository is read yet. Whoever runs the studio lists them; then everything that runs shows here with its authors.',
      earns: 'earns',
      ownersOnly: 'owners only',
      notRead: 'Listed, and not read yet: it is read at the next push, or when the epoch is filed.',
      problem: 'Nothing earns:',
      size: (people: number, files: number, statements: number, commits: number) =>
        `${countOf('en', people, { one: 'person', other: 'people' })}, ${countOf('en', files, { one: 'file', other: 'files' })}, ${countOf('en', statements, { one: 'statement', other: 'statements' })}, ${countOf('en', commits, { one: 'commit', other: 'commits' })}.`,
      heldBack: (commits: number) =>
        `${countOf('en', commits, { one: 'commit', other: 'commits' })} held back: without effect on any output.`,
    },
    repository: {
      back: 'All repositories',
      people: 'People',
      peopleLede: 'By their part of what earns here. A name leads to the statements behind it.',
      nobody: 'Nobody owns anything here yet.',
      files: 'Files',
      filesLede: 'The hottest first. A file’s name shows each line with its author and what it earns.',
      noFile: 'No source file was found.',
      packages: 'Packages',
      packagesLede:
        'Other people’s packages that ran, by their part of what the policy sets aside for them. Their owners can claim it.',
      noPackage: 'No package of others ran, or their use was not counted.',
      share: 'Share',
      heat: 'Heat',
      statements: (statements: number) =>
        countOf('en', statements, { one: 'statement', other: 'statements' }),
      mostBy: (size: string, who: string) => `${size}, most by ${who}`,
      askedFor: (isDirect: boolean, packages: string) =>
        `${packages}, ${isDirect ? 'asked for directly' : 'asked for by other packages'}`,
    },
    claims: {
      lede: 'Commits name an e-mail address, not a person. Show by a signature that an address is yours, and what its commits earn is paid to your account; what they earned before waits for you.',
      none: 'You have claimed nothing yet. Begin below: it takes a key that you sign with, and two minutes.',
      anAddress: 'An address of commits',
      packagesOf: (repository: string) => `Packages of ${repository}`,
      held: 'yours',
      kinds: { claim: 'claimed, not yours any more', release: 'let go' },
      by: 'shown by',
      inCode: (name: string, share: string) => `As ${name}: ${share} of`,
      waits: (amount: string) =>
        `${amount} earned before wait: they come to your wallet when the operator next hands over what waited and your payee details are in.`,
      letGo: 'Let go of it',
      titles: { claim: 'Claim something', release: 'Let go of it' },
      ledes: {
        claim: 'Two addresses that you claim count as one person from then on.',
        release: 'What it earns from now on waits again for whoever claims it. What was paid stays yours.',
      },
      what: 'What is yours?',
      whats: { email: 'An e-mail address of commits', packages: 'A repository of packages' },
      fields: {
        email: {
          label: 'Address',
          hint: 'As it stands in your commits: git log --format=%ae shows it. It is hashed and not kept.',
        },
        packages: {
          label: 'Repository of the packages',
          hint: 'As a repository here lists it under Packages, for example codeberg.org/ada/mill.',
        },
      },
      show: 'Show what to sign',
      leave: 'Keep it',
      account: 'Have your key in the account that this address is of. The studio looks for it here:',
      listed: (signers: string, gpgKeys: string) =>
        `Have your public key listed in every repository that has commits of this address, in the file ${signers} at its top (OpenPGP keys in ${gpgKeys}). The studio must have read that commit. The repositories:`,
      line: 'The line for your key, with your own key in place of AAAA…',
      sign: 'Put the challenge into a file and sign it. Paste this into a terminal on the machine that has your key:',
      ssh: 'Commands for an SSH key',
      withGpg: 'I sign with GnuPG',
      gpg: 'Commands for an OpenPGP key',
      commit: (file: string, repository: string) =>
        `Commit this text as the file ${file} at the top of ${repository}, on its main branch, and push it:`,
      challenge: 'The challenge',
      signature: 'Signature',
      signatureHint: 'What the last command printed, from the line with BEGIN to the line with END.',
      lookHint: 'When it is pushed, the studio looks for it there. Later you can take the file away again.',
      checking: 'Looking…',
      acts: { claim: 'Claim it', release: 'Let go of it' },
      copy: 'Copy',
      copied: 'Copied',
    },
    ownBounties: {
      title: 'Your own commits',
      lede: 'Commits of yours that change no measured output. A curator looks whether they are real upkeep.',
      none: 'None of your commits waits for a curator. Commits come here that change no measured output, once you have claimed their address.',
      states: { waiting: 'waits', granted: 'granted', refused: 'refused', paid: 'paid' },
      size: (statements: number, tokens: number) =>
        `${countOf('en', statements, { one: 'statement', other: 'statements' })}, ${countOf('en', tokens, { one: 'token', other: 'tokens' })}.`,
      next: (state: 'waiting' | 'granted' | 'refused' | 'paid', epoch: string | null) =>
        ({
          waiting: 'A curator has not decided yet.',
          granted: 'It is paid with the next filing.',
          refused: 'It stays unpaid.',
          paid: epoch === null ? 'It was paid.' : `It was paid in epoch ${epoch}.`,
        })[state],
      reason: 'The curator’s reason:',
    },
    filing: {
      lede: 'Before an epoch closes, each repository is read once more, and what its code earned is filed. It is safe to repeat.',
      noEpoch: 'No epoch is open. Open one in the studio, and its repositories stand here.',
      epoch: (id: string) => `Epoch ${id}`,
      allFiled: 'Every repository is filed.',
      left: (repositories: number) =>
        `${countOf('en', repositories, { one: 'repository is', other: 'repositories are' })} not filed yet:`,
      file: 'File them',
      reading: (repository: string) => `Reading ${repository}: this may take minutes…`,
      filed: (contributions: number, merit: string, bounties: number, queued: number) =>
        `${countOf('en', contributions, { one: 'contribution', other: 'contributions' })} with ${merit} of its merit, ${countOf('en', bounties, { one: 'bounty', other: 'bounties' })}, ${countOf('en', queued, { one: 'commit', other: 'commits' })} for curators.`,
      leftOut: (commits: number) =>
        `${countOf('en', commits, { one: 'commit', other: 'commits' })} had no room in the curators’ queue.`,
      escrow: 'What waited',
      escrowLede:
        'What code earned before anybody claimed it goes to who has claimed it since and is a known payee; what nobody claims in time returns.',
      settle: 'Hand over what waited',
      nothingWaited: 'Nothing was waiting.',
      handedOver: (amount: string) => `${amount} to`,
      expired: (amount: string) => `${amount} expired and returned, of`,
    },
  },
  de: {
    title: 'Code',
    home: 'Zur Seite des Studios',
    lede: 'Wessen Code läuft, was er verdient und wie das, was du geschrieben hast, zu dir kommt.',
    parts: 'Teile dieser Seite',
    places: {
      repositories: 'Repositorys',
      claims: 'Deine Commits',
      bounties: 'Prämien',
      filing: 'Abrechnen',
    },
    signIn: 'Damit deine Commits bezahlt werden, melde dich zuerst an:',
    account: 'dein Konto',
    repositories: {
      lede: 'Code verdient, indem er läuft: ein Lauf, den jeder wiederholen kann, zählt, welche Anweisungen sein Ergebnis hervorbringen, und jede gehört dem, der sie geschrieben hat.',
      none: 'Noch wird kein Repository gelesen. Wer das Studio betreibt, trägt sie ein; dann steht hier alles, was läuft, mit seinen Autoren.',
      earns: 'verdient',
      ownersOnly: 'nur Besitz',
      notRead:
        'Eingetragen und noch nicht gelesen: das geschieht beim nächsten Push oder wenn die Epoche abgerechnet wird.',
      problem: 'Nichts verdient:',
      size: (people: number, files: number, statements: number, commits: number) =>
        `${countOf('de', people, { one: 'Mensch', other: 'Menschen' })}, ${countOf('de', files, { one: 'Datei', other: 'Dateien' })}, ${countOf('de', statements, { one: 'Anweisung', other: 'Anweisungen' })}, ${countOf('de', commits, { one: 'Commit', other: 'Commits' })}.`,
      heldBack: (commits: number) =>
        `${countOf('de', commits, { one: 'Commit', other: 'Commits' })} zurückgehalten: ohne Wirkung auf ein Ergebnis.`,
    },
    repository: {
      back: 'Alle Repositorys',
      people: 'Menschen',
      peopleLede: 'Nach ihrem Teil an dem, was hier verdient. Ein Name führt zu den Anweisungen dahinter.',
      nobody: 'Hier gehört noch niemandem etwas.',
      files: 'Dateien',
      filesLede: 'Die heißeste zuerst. Der Name einer Datei zeigt jede Zeile mit Autor und Verdienst.',
      noFile: 'Es wurde kein Quelltext gefunden.',
      packages: 'Pakete',
      packagesLede:
        'Pakete anderer, die gelaufen sind, nach ihrem Teil an dem, was die Regeln für sie vorsehen. Wem sie gehören, kann es beanspruchen.',
      noPackage: 'Es lief kein Paket anderer, oder ihr Gebrauch wurde nicht gezählt.',
      share: 'Anteil',
      heat: 'Hitze',
      statements: (statements: number) =>
        countOf('de', statements, { one: 'Anweisung', other: 'Anweisungen' }),
      mostBy: (size: string, who: string) => `${size}, das meiste von ${who}`,
      askedFor: (isDirect: boolean, packages: string) =>
        `${packages}, ${isDirect ? 'unmittelbar verlangt' : 'von anderen Paketen verlangt'}`,
    },
    claims: {
      lede: 'Commits nennen eine E-Mail-Adresse und keinen Menschen. Zeige durch eine Unterschrift, dass eine Adresse deine ist, und was ihre Commits verdienen, geht an dein Konto; was sie vorher verdient haben, wartet auf dich.',
      none: 'Du hast noch nichts beansprucht. Fang unten an: es braucht einen Schlüssel, mit dem du unterschreibst, und zwei Minuten.',
      anAddress: 'Eine Adresse von Commits',
      packagesOf: (repository: string) => `Pakete von ${repository}`,
      held: 'deine',
      kinds: { claim: 'beansprucht, nicht mehr deine', release: 'losgelassen' },
      by: 'gezeigt durch',
      inCode: (name: string, share: string) => `Als ${name}: ${share} von`,
      waits: (amount: string) =>
        `${amount} aus der Zeit davor warten: sie kommen in deinen Geldbeutel, wenn das Studio das nächste Mal übergibt, was gewartet hat, und deine Angaben als Empfänger da sind.`,
      letGo: 'Loslassen',
      titles: { claim: 'Etwas beanspruchen', release: 'Loslassen' },
      ledes: {
        claim: 'Zwei Adressen, die du beanspruchst, gelten von da an als ein Mensch.',
        release:
          'Was sie von jetzt an verdient, wartet wieder auf den, der sie beansprucht. Was bezahlt wurde, bleibt deins.',
      },
      what: 'Was gehört dir?',
      whats: { email: 'Eine E-Mail-Adresse von Commits', packages: 'Ein Repository mit Paketen' },
      fields: {
        email: {
          label: 'Adresse',
          hint: 'Wie sie in deinen Commits steht: git log --format=%ae zeigt sie. Sie wird gehasht und nicht aufbewahrt.',
        },
        packages: {
          label: 'Repository der Pakete',
          hint: 'Wie ein Repository hier es unter Pakete nennt, zum Beispiel codeberg.org/ada/mill.',
        },
      },
      show: 'Zeigen, was zu unterschreiben ist',
      leave: 'Behalten',
      account:
        'Hinterlege deinen Schlüssel in dem Konto, zu dem diese Adresse gehört. Das Studio sucht ihn hier:',
      listed: (signers: string, gpgKeys: string) =>
        `Lass deinen öffentlichen Schlüssel in jedes Repository eintragen, das Commits dieser Adresse hat, in die Datei ${signers} ganz oben (Schlüssel von OpenPGP in ${gpgKeys}). Das Studio muss diesen Commit gelesen haben. Die Repositorys:`,
      line: 'Die Zeile für deinen Schlüssel, mit deinem eigenen statt AAAA…',
      sign: 'Lege den Text in eine Datei und unterschreibe ihn. Füge dies in ein Terminal auf dem Rechner ein, der deinen Schlüssel hat:',
      ssh: 'Befehle für einen SSH-Schlüssel',
      withGpg: 'Ich unterschreibe mit GnuPG',
      gpg: 'Befehle für einen Schlüssel von OpenPGP',
      commit: (file: string, repository: string) =>
        `Lege diesen Text als Datei ${file} ganz oben in ${repository} ab, auf dem Hauptzweig, und schiebe ihn hoch:`,
      challenge: 'Der Text',
      signature: 'Unterschrift',
      signatureHint: 'Was der letzte Befehl ausgegeben hat, von der Zeile mit BEGIN bis zur Zeile mit END.',
      lookHint:
        'Wenn er hochgeschoben ist, sucht das Studio ihn dort. Danach kannst du die Datei wieder entfernen.',
      checking: 'Wir sehen nach…',
      acts: { claim: 'Beanspruchen', release: 'Loslassen' },
      copy: 'Kopieren',
      copied: 'Kopiert',
    },
    ownBounties: {
      title: 'Deine eigenen Commits',
      lede: 'Commits von dir, die kein gemessenes Ergebnis ändern. Wer kuratiert, sieht nach, ob sie echte Pflege sind.',
      none: 'Keiner deiner Commits wartet auf ein Urteil. Hierher kommen Commits, die kein gemessenes Ergebnis ändern, sobald du ihre Adresse beansprucht hast.',
      states: { waiting: 'wartet', granted: 'gewährt', refused: 'abgelehnt', paid: 'ausgezahlt' },
      size: (statements: number, tokens: number) =>
        `${countOf('de', statements, { one: 'Anweisung', other: 'Anweisungen' })}, ${countOf('de', tokens, { one: 'Zeichenfolge', other: 'Zeichenfolgen' })}.`,
      next: (state: 'waiting' | 'granted' | 'refused' | 'paid', epoch: string | null) =>
        ({
          waiting: 'Noch hat niemand entschieden.',
          granted: 'Es wird mit der nächsten Abrechnung bezahlt.',
          refused: 'Es bleibt unbezahlt.',
          paid: epoch === null ? 'Es wurde bezahlt.' : `Es wurde in der Epoche ${epoch} bezahlt.`,
        })[state],
      reason: 'Der Grund:',
    },
    filing: {
      lede: 'Bevor eine Epoche schließt, wird jedes Repository noch einmal gelesen und abgerechnet, was sein Code verdient hat. Wiederholen schadet nicht.',
      noEpoch: 'Keine Epoche ist offen. Öffne eine im Studio, dann stehen ihre Repositorys hier.',
      epoch: (id: string) => `Epoche ${id}`,
      allFiled: 'Jedes Repository ist abgerechnet.',
      left: (repositories: number) =>
        `${countOf('de', repositories, { one: 'Repository ist', other: 'Repositorys sind' })} noch nicht abgerechnet:`,
      file: 'Abrechnen',
      reading: (repository: string) => `${repository} wird gelesen: das kann Minuten dauern…`,
      filed: (contributions: number, merit: string, bounties: number, queued: number) =>
        `${countOf('de', contributions, { one: 'Beitrag', other: 'Beiträge' })} mit ${merit} seines Verdienstes, ${countOf('de', bounties, { one: 'Prämie', other: 'Prämien' })}, ${countOf('de', queued, { one: 'Commit', other: 'Commits' })} zum Beurteilen.`,
      leftOut: (commits: number) =>
        `${countOf('de', commits, { one: 'Commit hatte', other: 'Commits hatten' })} in der Reihe zum Beurteilen keinen Platz.`,
      escrow: 'Was gewartet hat',
      escrowLede:
        'Was Code verdient hat, bevor ihn jemand beanspruchte, geht an den, der ihn seither beansprucht hat und als Empfänger bekannt ist; was niemand rechtzeitig beansprucht, geht zurück.',
      settle: 'Übergeben, was gewartet hat',
      nothingWaited: 'Nichts hat gewartet.',
      handedOver: (amount: string) => `${amount} an`,
      expired: (amount: string) => `${amount} verfallen und zurückgegangen, von`,
    },
  },
});
