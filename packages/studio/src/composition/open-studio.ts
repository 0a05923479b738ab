import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, ok, RELEASE, type Result, refuse, toHex } from '@jamnet/base';
import { openEconomy } from '@jamnet/economy';
import { platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import {
  Catalogue,
  DISPATCH_POLICY,
  type Effect,
  type SignedEntry,
  signEntry,
  TRUST_POLICY,
} from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { type Database, openDatabase, refuseNewerSchema, schemaStates } from '@jamnet/sql';
import type { FastifyInstance } from 'fastify';
import { ActLog } from '../acts/act-log.ts';
import { PUBLIC } from '../books/public-layout.ts';
import { collectProfiles } from '../code/profiles/collect-profiles.ts';
import type { ProfileCollector } from '../code/profiles/profile-collector.ts';
import { lockDirectory } from '../config/directory-lock.ts';
import type { StudioConfig } from '../config/studio-config.ts';
import { writeWhole } from '../config/write-whole.ts';
import { contributionView } from '../contributions/new-contribution.ts';
import { openGovernance } from '../governance/open-governance.ts';
import { type ShippedLicence, shippedLicences } from '../governance/shipped-licences.ts';
import { runLiveDesk } from '../groove/live/run-live-desk.ts';
import { witnessKeys } from '../groove/live/witness-keys.ts';
import { openHealth } from '../health/open-health.ts';
import type { Front } from '../http/front.ts';
import { KeyedAnswers } from '../http/idempotency/keyed-answers.ts';
import { OwnSite } from '../http/own-site.ts';
import { ROOM_DOOR_PATH } from '../http/room-routes.ts';
import { createServer } from '../http/server.ts';
import type { StudioServices } from '../http/services.ts';
import { deriveSecret } from '../identity/keys.ts';
import { LOG_ORIGIN } from '../identity/log-signer.ts';
import { LiveState } from '../live/live-state.ts';
import { readRememberedState, rememberState } from '../live/remembered-state.ts';
import { eraseBlobs } from '../mesh/erase-blobs.ts';
import { attachMesh, type MeshSocket } from '../mesh/mesh-socket.ts';
import { logEffect, meshLogger, nodeWatcher } from '../mesh/operator/mesh-log.ts';
import { MeshMeter } from '../mesh/operator/mesh-meter.ts';
import { MeshDesk, type MeshDeskParts } from '../mesh/operator/mesh-status.ts';
import { farmView } from '../mesh/pairing/farm-view.ts';
import { PairingDesk } from '../mesh/pairing/pairing-desk.ts';
import { HostPay } from '../mesh/pay/host-pay.ts';
import { publishModels } from '../mesh/publish-models.ts';
import { ArchivedPlaying } from '../music/archived-playing.ts';
import { ModelValueDesk } from '../music/model-value-desk.ts';
import { MusicMemory } from '../music/music-memory.ts';
import { ObjectKeeper } from '../objects/object-keeper.ts';
import { openObjects } from '../objects/open-objects.ts';
import { everyMinute } from '../processes/every-minute.ts';
import { tellOnce, tellStderr } from '../processes/tell-failure.ts';
import type { HomeRelay } from '../relay/directory/relay-desk.ts';
import { applyElsewhere } from '../roles/apply-elsewhere.ts';
import { followBooks } from '../roles/follow-books.ts';
import { leadWhole } from '../roles/lead-whole.ts';
import { isApart, type Role } from '../roles/roles.ts';
import { MendingDesk } from '../takes/mending/mending-desk.ts';
import { RepairDesk } from '../takes/repair-desk.ts';
import { TakeStore } from '../takes/take-store.ts';
import { openTracing } from '../telemetry/open-tracing.ts';
import { traceEconomy } from '../telemetry/trace-economy.ts';
import { coordinatorOf } from '../telemetry/traced-coordinator.ts';
import { spanOf } from '../telemetry/tracing.ts';
import { TrainingDesk } from '../training/training-desk.ts';
import { curatorGroups, runTrials } from '../training/trial/run-trials.ts';
import { type GatewayProcess, startGatewayProcess } from '../transports/gateway/gateway-process.ts';
import { studioSchemas } from '../upgrade/studio-schemas.ts';
import { openBooksPage } from './books-page.ts';
import { HomeRelays } from './home-relays.ts';
import { BUS_WAIT_MS, joinBus, type StudioBus } from './join-bus.ts';
import { LabelBook } from './label-book.ts';
import { makeServices } from './make-services.ts';
import { openAccounts } from './open-accounts.ts';
import { openGroove } from './open-groove.ts';
import { openListening } from './open-listening.ts';
import { openOutside } from './open-outside.ts';
import { openStudioLog } from './open-studio-log.ts';
import { portFailure } from './port-failure.ts';
import { openSecrets } from './secrets.ts';
import { studioHosts } from './studio-hosts.ts';
import type { StudioParts } from './studio-parts.ts';

/** How often the log is told who came and who left. */
const NODES_LOGGED_MS = 5_000;

export interface OpenStudioOptions {
  /** Folder that holds `apps/web/dist`, `samples` and the git history. */
  readonly checkout: string;
  /** Whether a data directory that is not there may be made. */
  readonly create: boolean;
  /** The clock of live rounds, UTC µs; default: the studio's. */
  readonly roundNowUs?: () => bigint;
}

/** A studio whose stores are open; `listen` starts page, relay and coordinator. */
export interface OpenedStudio {
  readonly services: StudioServices;
  readonly parts: StudioParts;
  /** The data directory was made just now. */
  readonly isNew: boolean;
  /** Answers the page's address. The signal ends the waiting for a NATS server. */
  listen(signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

type OpenCode = 'data-directory-in-use' | 'data-directory-missing' | 'data-directory-unusable';

/** Opens all parts of a studio over one data directory; repairs what a crash left. */
export async function openParts(
  config: StudioConfig,
  options: OpenStudioOptions,
): Promise<Result<OpenedStudio, OpenCode>> {
  if (!options.create && !existsSync(join(config.dataDirectory, 'keys'))) {
    return refuse(
      'data-directory-missing',
      `There is no studio in ${config.dataDirectory}: run "npm start" first, or name its --data directory.`,
    );
  }
  const lock = lockDirectory(config.dataDirectory);
  if (!lock.ok) return lock;
  try {
    return ok(await openLocked(config, options, () => lock.value.release()));
  } catch (error) {
    lock.value.release();
    throw error;
  }
}

async function openLocked(
  config: StudioConfig,
  options: OpenStudioOptions,
  release: () => void,
): Promise<OpenedStudio> {
  const directory = config.dataDirectory;
  const publicDirectory = join(directory, 'public');
  const isNew = !existsSync(join(directory, 'keys', 'root.secret'));
  const database = openDatabase({ directory, databaseUrl: config.databaseUrl });
  // Before anything is written, the keys of a new directory included.
  await refuseNewer(database);
  const tracing = await openTracing(config.traces, { version: RELEASE, roles: config.roles });
  mkdirSync(publicDirectory, { recursive: true });
  const secrets = openSecrets(directory, config.rootSecretHex);
  const ledger = await openLedger(database);
  const nowUs = (): bigint => BigInt(Date.now()) * 1000n;
  const log = await openStudioLog(join(publicDirectory, PUBLIC.log), ledger, secrets, nowUs(), database);
  writeWhole(join(publicDirectory, PUBLIC.vkey), `${log.vkey}\n`);
  const economy = traceEconomy(await openEconomy(database, ledger), tracing);
  const whole = await leadWhole(database, config.roles);
  const entries = standardCatalogue();
  publishModels(publicDirectory);
  const meshStore = await openMeshStore(database, { blobDirectory: join(directory, 'mesh-blobs') });
  const coordinator = coordinatorOf(
    {
      catalogue: new Catalogue(entries),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret: secrets.checks,
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set([toHex(secrets.trustedHost.publicKey)]),
    },
    meshStore,
    tracing,
  );
  const stateFile = join(directory, 'page-state.json');
  const live = new LiveState(RELEASE, readRememberedState(stateFile));
  const takes = new TakeStore(join(directory, 'takes'), Date.now);
  const labels = new LabelBook(join(directory, 'labels.json'));
  const watchers = new Set<(effect: Effect) => void>();
  const { roundNowUs = nowUs } = options;
  let relays: HomeRelays | null = null;
  let bus: StudioBus | null = null;
  let gateway: GatewayProcess | null = null;
  let profiles: ProfileCollector | null = null;
  let server: FastifyInstance | null = null;
  let mesh: MeshSocket | null = null;
  let front: Front | null = null;
  let url = '';
  const site = new OwnSite(config.exposure);
  const hosts = studioHosts(config);
  let nodeTimer: NodeJS.Timeout | undefined;
  let stopGroove = (): void => {};
  let stopTrials = (): void => {};
  const objects = config.objects === null ? null : openObjects(config.objects);
  let stopKeeper = async (): Promise<void> => undefined;
  let stopPay = async (): Promise<void> => undefined;
  let stopMending = async (): Promise<void> => undefined;
  let stopFollowing = async (): Promise<void> => undefined;
  const has = (role: Role): boolean => config.roles.includes(role);
  const isWhole = !isApart(config.roles);

  const booksPage = openBooksPage({
    ...{ ledger, log, economy, labels, live, publicDirectory, nowUs },
    origin: LOG_ORIGIN,
    isExposed: config.exposure !== null,
  });
  const publishBooks = () => spanOf(tracing, 'publish books', booksPage.publish);
  const connected = () => mesh?.connected() ?? [];
  const meter = new MeshMeter(() => performance.now());
  const meshLog = meshLogger(join(directory, 'mesh.log'));
  const applyToMesh: MeshDeskParts['apply'] = async (request) =>
    mesh ? mesh.apply(request) : applyElsewhere(coordinator, nowUs(), request, bus?.bus ?? null);
  const hostPay = new HostPay({
    coordinator,
    // Somebody's trusted host must be there to answer for the last looks.
    settle: () => (mesh === null && bus === null ? null : applyToMesh({ type: 'settle' })),
    addContributions: (contributions) => parts.addContributions(contributions),
    wait: (ms) => delay(ms),
    monotonicMs: () => performance.now(),
    onRefused: tellOnce('pay of hosts'),
  });
  const pairing = await PairingDesk.open({
    database,
    nowUs,
    nodeOf: async (publicKey) =>
      (await coordinator.nodes()).find((node) => node.publicKey === publicKey) ?? null,
    farmOf: (owner, keys) => farmView({ coordinator, economy, nowUs, connected }, owner, keys),
    registerPayee: async (owner, evidenceSha256) => {
      const registered = await economy.registerPayee(nowUs(), { ...owner, evidenceSha256 });
      if (registered.ok) await publishBooks();
      return registered;
    },
  });
  const groove = await openGroove({
    dataDirectory: directory,
    database,
    ledger,
    origin: LOG_ORIGIN,
    nowUs: roundNowUs,
    secret: secrets.evidence,
    connected,
    nodes: () => coordinator.nodes(),
    openLink: (session) => parts.mesh.openGroove(session),
    freeSessions: (node) => parts.mesh.grooveSessionsFree(node),
    ownerGroupOf: (payee) => economy.ownerGroupOf(payee),
    addContributions: (contributions) => parts.addContributions(contributions),
    publishBooks,
  });
  const music = await MusicMemory.open(database);
  const modelValue = await ModelValueDesk.open({
    database,
    economy,
    addContributions: (contributions) => parts.addContributions(contributions),
    evidenceSecret: secrets.evidence,
    nowUs,
  });
  const playing = new ArchivedPlaying({
    ...{ archive: takes.archive, music, players: modelValue.players, nowUs },
    ownerGroupOf: (payee) => economy.ownerGroupOf(payee),
    addContributions: (contributions) => parts.addContributions(contributions),
    evidenceSecret: secrets.evidence,
  });
  const forgetBlobs = (keys: readonly string[]): Promise<void> =>
    eraseBlobs(keys, { mesh, store: meshStore, nowMs: () => Number(nowUs() / 1000n) });
  const mending = new MendingDesk({
    archive: takes.archive,
    coordinator,
    create: (tasks) => applyToMesh({ type: 'create', tasks }),
    forget: forgetBlobs,
    onFailure: tellOnce('repair of takes'),
  });
  const training = new TrainingDesk({
    modelValue,
    playing,
    ownerGroupOf: (payee) => economy.ownerGroupOf(payee),
    dataDirectory: directory,
    archive: takes.archive,
    secret: deriveSecret(secrets.checks, 'held-out performances'),
    mesh: () => mesh,
    forgetBlobs,
    curatorGroups: () => curatorGroups(services.accounts, economy),
    nowUs,
  });
  const curation = await openListening({
    database,
    takes,
    economy,
    ledger,
    training,
    secrets,
    addContributions: (contributions) => parts.addContributions(contributions),
    publishBooks,
    nowUs,
  });
  const { showProposals, ...governing } = await openGovernance({
    ...{ database, ledger, economy, publicDirectory, publishBooks, nowUs },
    newId: () => randomBytes(8).toString('hex'),
  });
  let licences: readonly ShippedLicence[] | null = null;
  const services: StudioServices = makeServices({
    roles: config.roles,
    tracing,
    live,
    takes,
    publicDirectory,
    webDirectory: join(options.checkout, 'apps', 'web', 'dist'),
    secrets,
    database,
    health: openHealth({
      ...{ database, economy, nowUs, version: RELEASE, dataDirectory: directory },
      ...{ logDirectory: join(publicDirectory, PUBLIC.log), logVkey: log.vkey },
      witnesses: witnessKeys(directory),
      relays: () => ({ running: relays?.list().length ?? 0, wanted: config.relays }),
      meshQueue: () => mesh && coordinator.queueDepth(),
      gateway: () => gateway?.counters() ?? null,
      elsewhere: new Set([
        ...(has('relay') ? [] : ['relays']),
        ...(has('coordinator') ? [] : ['mesh']),
        ...(has('relay') && has('api') ? [] : ['gateway']),
      ]),
      services: () => services,
    }),
    site,
    acts: await ActLog.open({ database, ledger, nowUs, newSalt: () => randomBytes(16).toString('hex') }),
    keyed: await KeyedAnswers.open(database, nowUs),
    accounts: await openAccounts(database, secrets, site, nowUs),
    ledger,
    log,
    economy,
    labels,
    origin: LOG_ORIGIN,
    nowUs,
    homeRelays: () => relays?.list() ?? [],
    onPlace: (place) => bus?.directory.tellPlace(place),
    gateway: () => gateway,
    publishBooks,
    pairing,
    meshDesk: new MeshDesk({ ...{ coordinator, meter, connected }, apply: applyToMesh }),
    hostPay,
    groove,
    music,
    modelValue,
    training,
    ...curation,
    ...governing,
    licences: () => {
      licences ??= shippedLicences(options.checkout);
      return licences;
    },
  });
  const repairs = new RepairDesk({
    ...{ takes, coordinator, onFailure: tellStderr('repair of takes') },
    onChange: (views) => live.update({ takes: views }),
  });
  const parts: StudioParts = {
    config,
    checkout: options.checkout,
    secrets,
    ledger,
    log,
    economy,
    coordinator,
    hostPay,
    takes,
    music,
    live,
    services,
    get mesh() {
      if (!mesh) throw new Failure('studio-not-listening', 'the coordinator is not listening yet');
      return mesh;
    },
    get relayAddress() {
      const [relay] = relays?.near() ?? [];
      if (!relay) throw new Failure('studio-not-listening', 'the relay is not running yet');
      return relay;
    },
    get url() {
      return url;
    },
    nowUs,
    addContributions: async (contributions) => {
      const added = await economy.addContributions(nowUs(), contributions);
      if (!added.ok) throw new Failure(added.code, added.message);
      live.addContributions(contributions.map(contributionView));
      // They are filed: who hears of a failure now would take them for lost.
      await booksPage.publishOrLater();
      await modelValue.fileWaiting();
    },
    nameMember: (payee, label) => labels.name(payee, label),
    publishBooks,
    rememberLiveState: () => rememberState(stateFile, live.current),
    onMeshEffect: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
  await publishBooks();
  await repairs.catchUp();
  if (isWhole) void playing.catchUp();

  return {
    services,
    parts,
    isNew,
    listen: async (signal) => {
      if (config.natsUrl !== undefined) {
        const homes = (): readonly HomeRelay[] => relays?.list() ?? [];
        const { tokenKey } = secrets;
        const wait = { limitMs: BUS_WAIT_MS, onWaiting: tellStderr('NATS'), ...(signal ? { signal } : {}) };
        bus = await joinBus(config.natsUrl, { desk: services.relays, tokenKey, homes }, wait);
      }
      if (has('relay'))
        relays = await HomeRelays.start(hosts.relays, config.relays, config.relayPort, secrets.tokenKey);
      server = createServer(services);
      // Hosts fetch what was released last by this hash, from their next connection on.
      let kept: { readonly modelSha256: string; readonly entries: readonly SignedEntry[] } | null = null;
      const signed = (): readonly SignedEntry[] => {
        const modelSha256 = training.currentModel();
        if (kept?.modelSha256 === modelSha256) return kept.entries;
        const current = entries.map((entry) =>
          entry.kind === 'groove.forecast' ? { ...entry, modelSha256 } : entry,
        );
        kept = { modelSha256, entries: current.map((entry) => signEntry(entry, secrets.catalogue.seed)) };
        return kept.entries;
      };
      await server.ready();
      if (has('coordinator'))
        mesh = attachMesh(server.server, {
          // To those on the same store alone.
          ...(bus !== null && database.engine === 'postgres' ? { bus: bus.bus } : {}),
          coordinator,
          get catalogue() {
            return signed();
          },
          studioKey: toHex(secrets.catalogue.publicKey),
          keyHandOvers: secrets.catalogueHandOvers,
          nowUs,
          site,
          admit: (claim) => pairing.admit(claim),
          onEffect: (effect) => {
            meter.add(effect);
            logEffect(meshLog, effect);
            repairs.hear(effect);
            mending.hear(effect);
            for (const watcher of watchers) watcher(effect);
          },
        });
      if (isWhole) stopMending = everyMinute(() => mending.pass(), tellStderr('repair of takes'));
      if (has('coordinator')) stopPay = everyMinute(() => hostPay.credit(), tellStderr('pay of hosts'));
      const watchNodes = nodeWatcher(meshLog);
      nodeTimer = setInterval(() => watchNodes(connected()), NODES_LOGGED_MS);
      if (isWhole && objects !== null) {
        const models = {
          list: () =>
            [training, training.blend].flatMap((desk) =>
              desk.models().releases.map(({ modelSha256 }) => modelSha256),
            ),
          bytes: (sha256: string) => training.model(sha256),
          store: objects.models,
        };
        const kept = { archive: takes.archive, store: objects.takes };
        const keeper = new ObjectKeeper({ takes: kept, models, nowMs: Date.now });
        stopKeeper = everyMinute(() => keeper.keep(), tellStderr('object store'));
      }
      if (isWhole) {
        stopGroove = runLiveDesk(groove.desk, roundNowUs, tellStderr('live rounds'));
        stopTrials = runTrials(curation.listening, tellStderr('listening'));
      }
      if (database.engine === 'postgres')
        stopFollowing = followBooks({
          ...{
            ledger,
            economy,
            nowUs,
            finishes: has('epoch'),
            onFailure: tellOnce('books of other processes'),
          },
          publishBooks: async () => {
            await publishBooks();
            await showProposals();
          },
        });
      try {
        url = await server.listen(hosts.plain);
        front = await openOutside(config.exposure, hosts, server.server);
      } catch (cause) {
        throw cause instanceof Failure ? cause : portFailure(config.port, cause);
      }
      if (has('relay') && has('api')) {
        const { tokenKey } = secrets;
        const relay = parts.relayAddress;
        const ways = { server: server.server, relay, door: ROOM_DOOR_PATH, site };
        const udp = { publicHost: hosts.relays.bind, ...(front === null ? {} : { publicPort: front.port }) };
        gateway = await startGatewayProcess({ host: hosts.near, ...udp, ...ways, tokenKey });
      }
      if (isWhole) profiles = await collectProfiles(config, options.checkout, nowUs);
      writeWhole(join(directory, 'studio.url'), `${url}\n`);
      const address = config.exposure?.origin ?? url;
      writeWhole(join(directory, 'studio.public-url'), `${address}\n`);
      return address;
    },
    close: async () => {
      for (const file of ['studio.url', 'studio.public-url']) rmSync(join(directory, file), { force: true });
      clearInterval(nodeTimer);
      await profiles?.close();
      stopGroove();
      stopTrials();
      await stopKeeper();
      await stopPay();
      await stopMending();
      await stopFollowing();
      objects?.close();
      await training.close();
      await groove.desk.close();
      await mesh?.close();
      await repairs.settled();
      await gateway?.stop();
      await front?.close();
      await server?.close();
      await relays?.stop();
      await bus?.close();
      await services.code.close();
      await booksPage.close();
      await meshStore.close();
      await whole.release();
      await database.close();
      await tracing.close();
      release();
    },
  };
}

/** Throws `schema-too-new`. */
async function refuseNewer(database: Database): Promise<void> {
  try {
    await refuseNewerSchema(database, await schemaStates(database, studioSchemas(database.engine)));
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
