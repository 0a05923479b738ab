import { diffPolicies } from '@jamnet/economy';
import type { AnswerOf } from '@jamnet/studio/api';
import { columns, plainText } from '../economy/columns.ts';

type Listed = AnswerOf<'GET /api/proposals'>;
type Proposal = AnswerOf<'GET /api/proposals/:id'>;

export function listText(proposals: Listed['proposals']): string {
  if (proposals.length === 0) return 'Nothing is proposed: "jamnet proposal open" proposes a policy.';
  const rows = proposals.map(({ id, phase, closesAtUs, votes, comments, title }) => [
    id,
    phase,
    `closes ${dayOf(closesAtUs)}`,
    tallyText(votes),
    `${comments} comments`,
    plainText(title),
  ]);
  return columns(rows);
}

export function proposalText(found: Proposal): string {
  const { title, id, phase, policySha256, opensAtUs, closesAtUs, text, votes, before, policy, said, file } =
    found;
  const changes = diffPolicies(before ?? {}, policy);
  return [
    plainText(title),
    `${id}  ${phase}  ${dayOf(opensAtUs)} to ${dayOf(closesAtUs)}`,
    `policy ${policySha256}, ${changes.length} members differ from the one then in force; its words: ${file}`,
    '',
    linesOf(text),
    '',
    `Advice of owner groups: ${tallyText(votes)}`,
    ...said.map(
      ({ number, author, name, text: words, hiddenReason }) =>
        `${number}. ${name === null ? `author ${author}` : plainText(name)}: ${words === null ? '' : linesOf(words)}${hiddenReason === null ? '' : ` [hidden: ${plainText(hiddenReason)}]`}`,
    ),
    ...decisionLines(found),
  ].join('\n');
}

function decisionLines({ decision }: Proposal): string[] {
  if (decision === null) return [];
  const { verdict, decidedAtUs, reasons, leaf, policySha256, amended } = decision;
  const adopted =
    policySha256 === null ? '' : `, policy ${policySha256}${amended === null ? '' : ', amended'}`;
  return [
    '',
    `${verdict} on ${dayOf(decidedAtUs)}, leaf ${leaf ?? 'on its way'}${adopted}`,
    linesOf(reasons),
  ];
}

function tallyText(votes: Proposal['votes']): string {
  return `${votes.for} for, ${votes.against} against, ${votes.abstain} abstain`;
}

/** Line ends stay; every other control character goes. */
function linesOf(text: string): string {
  return text.split('\n').map(plainText).join('\n');
}

function dayOf(us: string): string {
  return new Date(Number(BigInt(us) / 1000n)).toISOString().slice(0, 16).replace('T', ' ');
}
