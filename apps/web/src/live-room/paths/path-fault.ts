/** Why a way to the studio did not open or ended. */
export type PathFaultCode =
  | 'ended'
  | 'channel-failed'
  | 'channel-closed'
  | 'no-answer'
  | 'refused'
  | 'browser-lacks-it'
  | 'studio-lacks-it'
  | 'certificate-missing'
  | 'description-missing';

/** A fault with a code of ours; browsers throw others, with sentences of their own. */
export class PathFault extends Error {
  readonly code: PathFaultCode;

  constructor(code: PathFaultCode) {
    super(code);
    this.code = code;
  }
}

/** The code of a fault, or the browser’s own words. */
export function faultOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
