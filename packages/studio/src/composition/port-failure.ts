import { Failure } from '@jamnet/base';

/** Why a TCP port could not be listened on, and what to do. */
export function portFailure(port: number, cause: unknown): Failure {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const why = isTaken ? 'another program has it' : cause instanceof Error ? cause.message : String(cause);
  return new Failure(
    'port-unavailable',
    `Port ${port} cannot be opened: ${why}. Choose another with --port.`,
    { cause },
  );
}
