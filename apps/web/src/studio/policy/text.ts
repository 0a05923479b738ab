import { countOf } from '../../language/plural.ts';
import { texts } from '../../language/texts.ts';

/** What is said about the rules of epochs. */
export const policyText = texts({
  en: {
    lede: 'The rules by which an epoch shares what came in. Write the next ones here: they are checked as you write, and compared with those in force.',
    none: 'No policy is published. Without one nothing is counted.',
    inForce: (name: string) => `In force: ${name}`,
    past: 'All policies with their differences',
    next: 'The next policy',
    begin: 'Begin with the one in force',
    template: 'Begin with a template',
    same: 'Nothing differs from the policy in force.',
    changes: (count: number) =>
      `${countOf('en', count, { one: 'member differs', other: 'members differ' })} from the policy in force:`,
    was: 'In force',
    is: 'Next',
    publish: 'Publish it',
    sure: 'Publish this policy?',
    sureWhy:
      'Its hash is fixed in the public log for good. It governs from the next epoch; what is open keeps its rules.',
    name: 'Name',
    version: 'Version',
    differing: 'Members that differ',
    published: (epoch: string) => `Published. It governs from ${epoch} on.`,
  },
  de: {
    lede: 'Die Regeln, nach denen eine Epoche teilt, was hereinkam. Schreib hier die nächsten: sie werden beim Schreiben geprüft und mit den geltenden verglichen.',
    none: 'Keine Regeln sind veröffentlicht. Ohne sie zählt nichts.',
    inForce: (name: string) => `Es gilt: ${name}`,
    past: 'Alle Regeln mit ihren Unterschieden',
    next: 'Die nächsten Regeln',
    begin: 'Mit den geltenden anfangen',
    template: 'Mit einer Vorlage anfangen',
    same: 'Nichts unterscheidet sich von den geltenden Regeln.',
    changes: (count: number) =>
      `${countOf('de', count, { one: 'Angabe unterscheidet', other: 'Angaben unterscheiden' })} sich von den geltenden Regeln:`,
    was: 'Jetzt',
    is: 'Neu',
    publish: 'Veröffentlichen',
    sure: 'Diese Regeln veröffentlichen?',
    sureWhy:
      'Ihr Hash steht für immer im öffentlichen Protokoll. Sie gelten ab der nächsten Epoche; was offen ist, behält seine Regeln.',
    name: 'Bezeichnung',
    version: 'Fassung',
    differing: 'Andere Angaben',
    published: (epoch: string) => `Veröffentlicht. Sie gelten ab ${epoch}.`,
  },
});
