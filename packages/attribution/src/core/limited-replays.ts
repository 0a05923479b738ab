/** A question that a replay answers, asked once each and only so often. */
export interface LimitedReplays<Question> {
  /** False as well once the limit is spent: then everything seems needed. */
  isSame(question: Question): Promise<boolean>;
  /** Whether a question was left unanswered. */
  isSpent(): boolean;
  /** Replays that may still be asked for. */
  left(): number;
}

/** Asks nothing twice and no more than `replaysMax` times. `null` is an answer that cost no replay: no. */
export function limitReplays<Question>(
  ask: (question: Question) => Promise<boolean | null>,
  nameOf: (question: Question) => string,
  replaysMax: number,
): LimitedReplays<Question> {
  const answers = new Map<string, boolean>();
  let replays = 0;
  let isSpent = false;
  const isSame = async (question: Question): Promise<boolean> => {
    if (isSpent) return false;
    const name = nameOf(question);
    const known = answers.get(name);
    if (known !== undefined) return known;
    isSpent = replays >= replaysMax;
    if (isSpent) return false;
    const answer = await ask(question);
    if (answer !== null) replays++;
    answers.set(name, answer === true);
    return answer === true;
  };
  return { isSame, isSpent: () => isSpent, left: () => replaysMax - replays };
}
