import { EpochCalculator } from './epoch-calculator.tsx';
import { RunCalculator } from './run-calculator.tsx';

/** Both calculators of the formulas’ chapter. */
export function Calculator() {
  return (
    <>
      <EpochCalculator />
      <RunCalculator />
    </>
  );
}
