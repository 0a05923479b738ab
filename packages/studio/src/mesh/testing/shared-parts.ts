import { platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import { Catalogue, type CoordinatorParts, DISPATCH_POLICY, TRUST_POLICY } from '@jamnet/mesh';

/** The parts of coordinators that work on one store: the same for all, with short patience for those that vanish. */
export function sharedParts(): CoordinatorParts {
  return {
    catalogue: new Catalogue(standardCatalogue()),
    trust: TRUST_POLICY,
    dispatch: { ...DISPATCH_POLICY, goneAfterUs: 12_000_000n, checkClaimUs: 5_000_000n },
    secret: platformSha256(Buffer.from('checks of the test')),
    sha256: platformSha256,
    verifySignature: platformVerifySignature,
    trustedKeys: new Set(),
  };
}
