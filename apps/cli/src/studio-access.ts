import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import {
  askInside,
  type InsideQuestion,
  isDirectoryInUse,
  type JoinAnswer,
  type OperatorDesk,
  openStudio,
  parseStudioConfig,
  ROOM_DOOR_PATH,
  type StudioServices,
  type StudioState,
} from '@jamnet/studio';
import { type AnswerOf, type AskedOf, type Route, requestOf } from '@jamnet/studio/api';
import { type CommandContext, orEnd } from './context.ts';
import { cashOverHttp, type OperatorCash } from './economy/cash-over-http.ts';
import { deskOverHttp } from './economy/desk-over-http.ts';
import { type OperatorRedemptions, redemptionsOverHttp } from './economy/redemptions-over-http.ts';
import { type WalletWithLines, walletWithLines } from './economy/wallet-with-lines.ts';
import { EXIT } from './exit-codes.ts';
import { fetchOnce } from './fetch-once.ts';
import { pageAddress } from './studio-address.ts';

/** What commands ask of a studio, whether it runs (by HTTP) or only its data directory is there (opened here). */
export interface StudioAccess {
  state(): Promise<StudioState>;
  wallet(payee: string): Promise<Result<WalletWithLines>>;
  redeem(request: { payee: string; amountMicroJam: bigint; key: string }): Promise<Result<unknown>>;
  previewEpoch(epochId: string): Promise<Result<unknown>>;
  closeEpoch(epochId: string): Promise<Result<unknown>>;
  /** `delaysUs`: round trips to relays, when the first answer named some to measure. */
  joinRoom(request: {
    room: string;
    player: string;
    delaysUs?: Readonly<Record<string, number>>;
  }): Promise<Result<JoinAnswer>>;
  /** URL where whoever has a join token asks on which relay its room lives; empty while no studio runs. */
  readonly roomDoor: string;
  /** Rules, revenue and hardware. */
  readonly desk: OperatorDesk;
  /** Asks a route as the operator and gives the answer's text: reports, statements, perks. */
  route(question: InsideQuestion): Promise<Result<string>>;
  /** Payees and payouts. */
  readonly cash: OperatorCash;
  /** A link by which a page joins the room. */
  inviteToRoom(request: {
    room: string;
    hours: number;
    packetFrames: number;
  }): Promise<Result<{ link: string; expiresAtUs: number }>>;
  /** Redemptions and explained wallets. */
  readonly redemptions: OperatorRedemptions;
  close(): Promise<void>;
}

/** The running studio of a data directory, else the directory itself. */
export async function accessStudio(context: CommandContext, dataDirectory: string): Promise<StudioAccess> {
  return runningStudio(dataDirectory) ?? (await openedStudio(context, dataDirectory));
}

/** The studio that runs on this data directory, found by the address and token it left there; null when none does. */
export function runningStudio(dataDirectory: string): StudioAccess | null {
  const addressFile = join(dataDirectory, 'studio.url');
  const tokenFile = join(dataDirectory, 'operator.token');
  // A killed studio leaves its address behind; the lock it held is gone with it, and another program may listen there now.
  if (!existsSync(addressFile) || !existsSync(tokenFile) || !isDirectoryInUse(dataDirectory)) return null;
  const url = readFileSync(addressFile, 'utf8').trim();
  const page = pageAddress(dataDirectory) ?? url;
  return overHttp(url, readFileSync(tokenFile, 'utf8').trim(), page);
}

/** A studio by its URL and the operator's token. */
export function studioAt(url: string, token: string): StudioAccess {
  return overHttp(url, token);
}

/** `page`: where people reach it, when that is elsewhere. */
function overHttp(url: string, token: string, page = url): StudioAccess {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<Result<T>> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
    };
    const payload =
      body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetchOnce(new URL(path, url), { method, headers, ...payload });
    if (answer === null)
      return refuse('studio-unreachable', `The studio at ${url} does not answer. Start it with "npm start".`);
    const value = JSON.parse(answer.text) as unknown;
    return answer.status < 400 ? { ok: true, value: value as T } : refusalOf(value);
  };
  /** By the contract of the route: what is asked for and answered has its types. */
  const askRoute = <R extends Route>(
    route: R,
    body: unknown,
    ...asked: AskedOf<R>
  ): Promise<Result<AnswerOf<R>>> => {
    const { method, path } = requestOf(route, ...asked);
    return ask<AnswerOf<R>>(method, path, body);
  };
  return {
    async state() {
      return orEnd(await ask<StudioState>('GET', '/api/state'), EXIT.failed);
    },
    wallet: (payee) =>
      walletWithLines(
        () => askRoute('GET /api/wallets/:payee', undefined, { params: { payee } }),
        async ({ after, limit }) => {
          const query = { limit, after: after ?? undefined };
          const page = await askRoute('GET /api/wallets/:payee/lines', undefined, {
            params: { payee },
            query,
          });
          return page.ok ? ok({ rows: page.value.lines, next: page.value.next }) : page;
        },
      ),
    redeem: ({ payee, amountMicroJam, key }) =>
      askRoute('POST /api/redemptions', { payee, amountMicroJam: amountMicroJam.toString(), key }),
    previewEpoch: (epoch) => askRoute('GET /api/epochs/:epoch/preview', undefined, { params: { epoch } }),
    closeEpoch: (epoch) => askRoute('POST /api/epochs/:epoch/close', undefined, { params: { epoch } }),
    roomDoor: new URL(ROOM_DOOR_PATH, url).href,
    joinRoom: ({ room, ...body }) => askRoute('POST /api/rooms/:room/join', body, { params: { room } }),
    inviteToRoom: async ({ room, hours, packetFrames }) => {
      const made = await askRoute(
        'POST /api/rooms/:room/invitations',
        { hours, packetFrames },
        { params: { room } },
      );
      if (!made.ok) return made;
      const { invitation, expiresAtUs } = made.value;
      return { ok: true, value: { link: `${page}/#join=${invitation}`, expiresAtUs } };
    },
    desk: deskOverHttp(ask),
    redemptions: redemptionsOverHttp(ask),
    route: (question) => routeOverHttp(url, token, question),
    cash: cashOverHttp(ask),
    close: async () => undefined,
  };
}

async function routeOverHttp(
  url: string,
  token: string,
  { method, path, body }: InsideQuestion,
): Promise<Result<string>> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetchOnce(new URL(path, url), { method, headers, ...payload });
  if (answer === null)
    return refuse('studio-unreachable', `The studio at ${url} does not answer. Start it with "npm start".`);
  return textOf(answer);
}

/** The text of a good answer; a page that says why there is none is refused as its status. */
function textOf({ status, text }: { status: number; text: string }): Result<string> {
  if (status < 400) return { ok: true, value: text };
  if (text.startsWith('{')) return refusalOf(JSON.parse(text));
  return refuse(status === 404 ? 'not-found' : 'studio-failed', `The studio answered ${status}.`);
}

/** A problem answer of the studio's API as the refusal it was made from. */
function refusalOf(value: unknown): Refusal {
  const problem = (typeof value === 'object' && value !== null ? value : {}) as {
    code?: unknown;
    detail?: unknown;
  };
  return refuse(
    String(problem.code ?? 'studio-failed'),
    String(problem.detail ?? 'The studio gave an answer without a reason.'),
  );
}

async function openedStudio(context: CommandContext, dataDirectory: string): Promise<StudioAccess> {
  const config = orEnd(
    parseStudioConfig({ data: dataDirectory, databaseUrl: context.databaseUrl }),
    EXIT.usage,
  );
  const studio = orEnd(await openStudio(config, { checkout: context.checkout, create: false }));
  const services: StudioServices = studio.services;
  return {
    state: async () => services.live.current,
    wallet: (payee) =>
      walletWithLines(
        () => services.wallets.show(payee),
        (page) => services.wallets.lines(payee, page),
      ),
    redeem: (request) => services.redeem(request),
    previewEpoch: (epochId) => services.epochs.preview(epochId),
    closeEpoch: (epochId) => services.epochs.close(epochId),
    roomDoor: '',
    joinRoom: async () =>
      refuse(
        'studio-not-running',
        `No studio runs on ${dataDirectory}, so there is no relay to join. Start it with "npm start".`,
      ),
    desk: services.desk,
    redemptions: services.redemptions,
    route: async (question) => textOf(await askInside(services, question)),
    cash: services.cash,
    inviteToRoom: async () =>
      refuse(
        'studio-not-running',
        `No studio runs on ${dataDirectory}, so nobody could follow a link. Start it with "npm start".`,
      ),
    close: () => studio.close(),
  };
}
