import { type LanService, toldService } from './lan-service.ts';
import { answersTo, recordsOf, type ServiceRecord } from './service-records.ts';

/** A record is not sent to everybody twice within a second (RFC 6762 §6), so that queries cannot make us flood the network. */
const ANSWER_EVERY_MS = 1_000;
/** Questions of one packet that are read. */
const QUESTIONS_READ_MAX = 64;

/** Says when to tell the network of one service, and what; sends nothing itself. */
export class Announcer {
  readonly service: LanService;
  #answeredMs = Number.NEGATIVE_INFINITY;

  constructor(service: LanService) {
    this.service = toldService(service);
  }

  /** What to say unasked, at the start. */
  hello(nowMs: number): ServiceRecord[] {
    this.#answeredMs = nowMs;
    return recordsOf(this.service);
  }

  /** What to answer to a packet's questions, whatever they are; often nothing. `nowMs`: a clock that never goes back. */
  hear(nowMs: number, questions: unknown): ServiceRecord[] {
    if (!Array.isArray(questions) || nowMs - this.#answeredMs < ANSWER_EVERY_MS) return [];
    const answers = answersTo(questions.slice(0, QUESTIONS_READ_MAX), this.service);
    if (answers.length > 0) this.#answeredMs = nowMs;
    return answers;
  }

  /** What to say when the service ends. */
  goodbye(): ServiceRecord[] {
    return recordsOf(this.service, true);
  }
}
