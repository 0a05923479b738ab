import { formatAmount } from '@jamnet/base';

/** A wallet with its reasons, as the studio tells it; amounts are decimal text. */
export interface ExplainedWallet {
  readonly payee: string;
  readonly label: string;
  readonly epochs: readonly {
    readonly epochId: string;
    readonly microJam: string;
    readonly cents: string;
    readonly escrowed: boolean;
    readonly unitsLeaf: string | null;
    readonly cashLeaf: string | null;
    /** C2SP tlog-proof in Base64; `null` for a leaf that is not there. */
    readonly unitsProof: string | null;
    readonly cashProof: string | null;
    readonly lines: readonly {
      readonly rowId: string;
      readonly rule: 'use' | 'merit';
      readonly kind: string;
      readonly contribution: string;
      readonly subject: string;
      readonly evidence: string;
      readonly receipts: readonly string[];
      readonly microJam: string;
      /** Why it counts for so much, where that needs words. */
      readonly reason?: string | null;
    }[];
  }[];
}

const RULES = {
  use: 'by what the payer used',
  merit: 'by verified merit in the epoch',
} as const;

export function explainedText({ payee, label, epochs }: ExplainedWallet): string {
  return [`${label}  ${payee}`, ...epochs.map(epochText)].join('\n\n');
}

function epochText(epoch: ExplainedWallet['epochs'][number]): string {
  const cash = epoch.cents === '0' ? '' : ` and $${formatAmount(BigInt(epoch.cents), 'USD')}`;
  const where = epoch.escrowed ? ', in escrow until the key is verified' : '';
  const head = `${epoch.epochId}: ${jam(epoch.microJam)} JAM${cash}${where}`;
  return [head, ...proofLines(epoch), ...epoch.lines.flatMap(lineText)].join('\n');
}

function proofLines(epoch: ExplainedWallet['epochs'][number]): string[] {
  const told = (leaf: string | null, proof: string | null, what: string): string[] => {
    if (leaf === null) return [];
    const text =
      proof === null ? 'not published yet' : Buffer.from(proof, 'base64').toString('utf8').trimEnd();
    return [`  ${what}: leaf ${leaf}`, ...text.split('\n').map((line) => `    ${line}`)];
  };
  return [
    ...told(epoch.unitsLeaf, epoch.unitsProof, 'units'),
    ...told(epoch.cashLeaf, epoch.cashProof, 'cash claim'),
  ];
}

function lineText(line: ExplainedWallet['epochs'][number]['lines'][number]): string[] {
  const receipts = line.receipts.length === 0 ? [] : [`      receipts: ${line.receipts.join(', ')}`];
  const reason = line.reason ? [`      ${line.reason}`] : [];
  return [
    `  ${jam(line.microJam).padStart(16)}  ${line.kind.padEnd(9)} ${RULES[line.rule]}: ${line.subject || line.contribution}`,
    ...reason,
    `      row ${line.rowId}`,
    `      contribution ${line.contribution}, evidence ${line.evidence}`,
    ...receipts,
  ];
}

function jam(amountMicroJam: string): string {
  return formatAmount(BigInt(amountMicroJam), 'JAM');
}
