import { Failure } from '@jamnet/base';

/** What is done with failures where nobody asks for them: one line on stderr, after the part of the studio that speaks. */
export function tellStderr(part: string): (error: unknown) => void {
  return (error) => void process.stderr.write(`${part}: ${wordsOf(error).replaceAll(/\s+/g, ' ')}\n`);
}

/** The same for what fails and is tried again every second: a sentence is said once in a row. */
export function tellOnce(part: string): (error: unknown) => void {
  const tell = tellStderr(part);
  let told = '';
  return (error) => {
    const words = wordsOf(error);
    if (words !== told) tell(error);
    told = words;
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Failure ? `${error.message} [${error.code}]` : String(error);
}
