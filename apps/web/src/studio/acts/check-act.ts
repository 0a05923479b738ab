import type { EntryProof } from '../../api/endpoints.ts';
import { checkProof, type ProofReport } from '../../books/check-proof.ts';
import type { BooksWords } from '../../books/text.ts';
import { actHash } from './act-hash.ts';
import type { Act } from './acts-api.ts';

const LEAF_KIND = 'operator-act';

export interface CheckedAct {
  /** The log's signed tree has the leaf, and the leaf is of this act as it is told here. */
  readonly holds: boolean;
  readonly proof: ProofReport;
}

/** Whether the log whose key is `vkey` has the act at its leaf, to the last letter. */
export function checkAct(act: Act, proof: EntryProof, vkey: string, words: BooksWords): CheckedAct {
  const { leafBase64 } = proof;
  const shown = { index: Number(act.leaf), leafBase64, kind: LEAF_KIND, legs: [], text: '' };
  const report = checkProof(shown, proof, vkey, words);
  const { leaf } = report;
  const isThisAct = leaf?.type === 'record' && leaf.kind === LEAF_KIND && leaf.sha256 === actHash(act);
  return { holds: report.holds && isThisAct, proof: report };
}
