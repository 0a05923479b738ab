import { texts } from '../../language/texts.ts';
import type { PathFaultCode } from './path-fault.ts';

type Faults = Readonly<Record<PathFaultCode, string>>;

export const pathText = texts({
  en: {
    title: 'Connection',
    order: { first: 'first choice', second: 'second choice', third: 'third choice' },
    trying: 'trying…',
    open: 'in use',
    failed: 'not used:',
    faults: {
      ended: 'the connection ended',
      'channel-failed': 'the channel failed',
      'channel-closed': 'the channel was closed',
      'no-answer': 'no answer in 4 s',
      refused: 'the connection was refused',
      'browser-lacks-it': 'this browser cannot do it',
      'studio-lacks-it': 'the studio does not offer it',
      'certificate-missing': 'the studio sent no certificate hash',
      'description-missing': 'the browser described no way',
    } satisfies Faults as Readonly<Record<string, string>>,
  },
  de: {
    title: 'Verbindung',
    order: { first: 'erste Wahl', second: 'zweite Wahl', third: 'dritte Wahl' },
    trying: 'wird versucht…',
    open: 'in Benutzung',
    failed: 'nicht benutzt:',
    faults: {
      ended: 'die Verbindung ist abgerissen',
      'channel-failed': 'der Kanal ist gescheitert',
      'channel-closed': 'der Kanal wurde geschlossen',
      'no-answer': 'in 4 s keine Antwort',
      refused: 'die Verbindung wurde abgelehnt',
      'browser-lacks-it': 'dieser Browser kann das nicht',
      'studio-lacks-it': 'das Studio bietet es nicht an',
      'certificate-missing': 'das Studio hat keinen Hash seines Zertifikats geschickt',
      'description-missing': 'der Browser hat keinen Weg beschrieben',
    } satisfies Faults as Readonly<Record<string, string>>,
  },
});
