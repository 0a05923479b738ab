import { equalBytes, ok, type Result, refuse } from '@jamnet/base';
import { parseVerifierKey } from './note-key.ts';
import { parseSignatureLine, SIGNATURES_MAX, type SignedNote, verifyNote } from './signed-note.ts';

export type AddSignatureCode = 'cosignature-invalid' | 'cosignatures-full';

/** The note with one more signature line, checked by the signer's vkey; the same signer's earlier one goes. */
export function addSignature(
  note: SignedNote,
  line: string,
  vkey: string,
): Result<SignedNote, AddSignatureCode> {
  const signature = parseSignatureLine(line.trimEnd());
  const key = parseVerifierKey(vkey);
  const { text, signatures } = note;
  const verified = signature && key.ok ? verifyNote({ text, signatures: [signature] }, [key.value]) : null;
  if (!signature || !verified?.ok) {
    return refuse(
      'cosignature-invalid',
      'The line is no cosignature of the newest checkpoint by this witness.',
    );
  }
  const others = signatures.filter(
    (one) => one.name !== signature.name || !equalBytes(one.keyId, signature.keyId),
  );
  if (others.length >= SIGNATURES_MAX)
    return refuse('cosignatures-full', `A checkpoint has ${SIGNATURES_MAX} signatures.`);
  return ok({ text, signatures: [...others, signature] });
}
