import { createHmac } from 'node:crypto';
import { toHex } from '@jamnet/base';
import {
  commitment,
  encodeForecast,
  type Forecaster,
  type GrooveModel,
  HOUSE_PRIORS,
  house1,
  house2,
  modelForecaster,
} from '@jamnet/groove/forecasting';
import { GROOVE_SESSIONS_MAX, type NodeMessage, type StudioMessage } from '@jamnet/mesh';
import type { OnEvent } from '../client/events.ts';
import type { WorkGate } from '../host/work-gate.ts';

/** Which forecaster plays: the reference, the better velocity model, the trained model (default), or one of the owner's own. */
export type ForecasterChoice = 'house-1' | 'house-2' | 'groove-1' | ((performance: string) => Forecaster);

export interface GrooveHostOptions {
  /** Id under which the studio knows this node; part of each commitment. */
  readonly node: string;
  /** Key of the salts: nobody else can guess them, and a repeat of the evening gives the same. */
  readonly seedHex: string;
  readonly forecaster: ForecasterChoice;
  /** What `groove-1` plays: the studio's released model. */
  readonly model: GrooveModel;
  /** Closed: no new sessions; those that run are played to their end. */
  readonly gate: WorkGate;
  readonly send: (message: NodeMessage) => void;
  readonly onEvent: OnEvent;
}

interface Session {
  readonly performance: string;
  readonly forecaster: Forecaster;
  /** Committed bars that are not over yet; the studio asks for one at a time, so few. */
  readonly committed: Map<number, { readonly forecast: Uint8Array; readonly salt: Uint8Array }>;
  nextBar: number;
}

/** Bars that may be committed and not yet revealed. */
const OPEN_BARS_MAX = 16;

/**
 * The real-time lane of a node: hears a performance bar by bar, commits to a forecast of the next when asked,
 * and opens it once that bar is over. House forecasters need about 40 µs a bar, the trained one 2 ms, so it runs in the node's own process.
 */
export class GrooveHost {
  readonly #options: GrooveHostOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: GrooveHostOptions) {
    this.#options = options;
  }

  receive(message: StudioMessage): void {
    if (message.type === 'groove-open') this.#open(message.session, message.performance);
    else if (message.type === 'groove-ask') this.#commit(message);
    else if (message.type === 'groove-bar') this.#hear(message);
    else if (message.type === 'groove-close' && this.#sessions.delete(message.session)) {
      this.#options.onEvent({ type: 'groove', session: message.session, step: 'closed', bar: null });
    }
  }

  #open(session: string, performance: string): void {
    if (this.#sessions.size >= GROOVE_SESSIONS_MAX) return; // The studio was told the number; it breaks its word.
    if (!this.#options.gate.isOpen) return;
    const forecaster = makeForecaster(this.#options, performance);
    this.#sessions.set(session, { performance, forecaster, committed: new Map(), nextBar: 0 });
    this.#options.onEvent({ type: 'groove', session, step: 'opened', bar: null });
  }

  #commit({ session, bar, announced }: Extract<StudioMessage, { type: 'groove-ask' }>): void {
    const open = this.#sessions.get(session);
    if (!open || open.committed.has(bar) || open.committed.size >= OPEN_BARS_MAX || bar < open.nextBar)
      return;
    const forecast = encodeForecast(open.forecaster.forecast(bar, announced));
    const salt = createHmac('sha256', Buffer.from(this.#options.seedHex, 'hex'))
      .update(`${session}\0${bar}`)
      .digest();
    open.committed.set(bar, { forecast, salt });
    const { performance } = open;
    const hash = commitment({ forecast, salt, node: this.#options.node, performance, bar });
    this.#options.send({ type: 'groove-commit', session, bar, commitment: toHex(hash) });
    this.#options.onEvent({ type: 'groove', session, step: 'committed', bar });
  }

  #hear({ session, bar }: Extract<StudioMessage, { type: 'groove-bar' }>): void {
    const open = this.#sessions.get(session);
    if (!open || bar.index !== open.nextBar) return; // Bars come in order, each once; anything else would spoil the model.
    open.nextBar = bar.index + 1;
    open.forecaster.observe(bar);
    const revealed = open.committed.get(bar.index);
    if (!revealed) return;
    open.committed.delete(bar.index);
    const forecast = Buffer.from(revealed.forecast).toString('base64');
    this.#options.send({
      type: 'groove-reveal',
      session,
      bar: bar.index,
      forecast,
      salt: toHex(revealed.salt),
    });
    this.#options.onEvent({ type: 'groove', session, step: 'revealed', bar: bar.index });
  }
}

function makeForecaster(
  { forecaster: choice, model }: Pick<GrooveHostOptions, 'forecaster' | 'model'>,
  performance: string,
): Forecaster {
  if (choice === 'house-1') return house1(HOUSE_PRIORS);
  if (choice === 'house-2') return house2(HOUSE_PRIORS);
  if (choice === 'groove-1') return modelForecaster(HOUSE_PRIORS, model);
  return choice(performance);
}
