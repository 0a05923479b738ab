import { execFile } from 'node:child_process';

/** Longest answer and longest wait of a system tool: a driver that hangs must not hang the node. */
const ANSWER_BYTES_MAX = 65_536;
const TIMEOUT_MS = 3_000;

/** What a system tool printed; `null` when it is not there, fails or does not answer. */
export type AskTool = (command: string, args: readonly string[]) => Promise<string | null>;

export const askTool: AskTool = (command, args) =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: ANSWER_BYTES_MAX, windowsHide: true } as const;
    execFile(command, [...args], options, (error, stdout) => resolve(error ? null : stdout));
  });
