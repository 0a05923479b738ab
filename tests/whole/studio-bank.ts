import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says in a studio's data directory that it pays by SEPA files, from an account of its own, at 0.9 € for a dollar. */
export function payFrom(directory: string): void {
  const account = { kind: 'iban', iban: 'DE89370400440532013000' };
  const bank = { from: { name: 'JAMNet Studio', account }, rate: { numerator: '9', denominator: '10' } };
  writeFileSync(join(directory, 'payouts.json'), JSON.stringify({ 'pain.001': bank }));
}
