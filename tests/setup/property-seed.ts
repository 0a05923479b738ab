import fc from 'fast-check';

/**
 * Properties are tried with one seed, so that a commit that passed passes again; another is chosen
 * by `JAMNET_PROPERTY_SEED` (an integer), and a failure prints the seed that shows it.
 */
const SEED = 20_261_122;

const chosen = Number(process.env.JAMNET_PROPERTY_SEED ?? SEED);
if (!Number.isSafeInteger(chosen)) {
  throw new Error('JAMNET_PROPERTY_SEED is no integer: leave it out, or give one as 42.');
}
fc.configureGlobal({ seed: chosen });
