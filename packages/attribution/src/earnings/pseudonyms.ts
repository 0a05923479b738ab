import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

// Payees that nobody has registered: what they earn waits in escrow until somebody proves to be behind one.

/** Of a git identity ({@link personId}) that nobody has claimed. */
export function payeeOfIdentity(person: string): string {
  return payeeOf('git', person);
}

/** Of an address where packages ask to be paid. */
export function payeeOfFunding(address: string): string {
  return payeeOf('funding', address);
}

/** Of packages that name no such address, by their repository. */
export function payeeOfPackages(repository: string): string {
  return payeeOf('packages', repository);
}

function payeeOf(what: string, name: string): string {
  return `p${toHex(sha256(encodeUtf8(`jamnet/payee/${what}/v1\0${name}`))).slice(0, 32)}`;
}
