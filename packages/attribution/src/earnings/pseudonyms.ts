import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

// Payees that nobody has registered: what they earn waits in escrow until somebody proves to be behind one.

/** Of a git identity ({@link personId}) that nobody has claimed. */
export function payeeOfIdentity(person: string): string {
  return payeeOf('git', person);
}

/** Of packages, by their repository: whoever shows that it is theirs ({@link packagesId}) is paid. */
export function payeeOfPackages(repository: string): string {
  return payeeOf('packages', repository);
}

/** What the identity journal calls the packages of a repository: the 32 hex digits of their pseudonym. */
export function packagesId(repository: string): string {
  return payeeOfPackages(repository).slice(1);
}

function payeeOf(what: string, name: string): string {
  return `p${toHex(sha256(encodeUtf8(`jamnet/payee/${what}/v1\0${name}`))).slice(0, 32)}`;
}
