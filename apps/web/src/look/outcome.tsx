import type { ReactNode } from 'react';
import { Complaint } from './complaint.tsx';

interface OutcomeProps {
  /** Why it was refused; null where it was not. */
  readonly complaint: string | null;
  /** What was done; null where nothing was yet. */
  readonly said?: ReactNode;
}

/** How what somebody began has ended, told to screen readers too. */
export function Outcome({ complaint, said = null }: OutcomeProps) {
  return (
    <>
      {complaint !== null && <Complaint message={complaint} />}
      {said !== null && (
        <p role="status" className="proof">
          {said}
        </p>
      )}
    </>
  );
}
