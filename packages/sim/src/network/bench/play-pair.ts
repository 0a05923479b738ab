import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { nodeSealCrypto, type PlayOptions, type PlayReport } from '@jamnet/jambox';
import { issueToken } from '@jamnet/toast';
import { traceText } from '../gilbert-elliott.ts';
import type { ImpairmentDelay, SentAudio } from '../impairment.ts';
import { badBlockPercent } from './bad-blocks.ts';
import { type Line, LineProcess } from './line-process.ts';
import { sine, wavBytes, wavSamples } from './sine.ts';

const TOKEN_KEY = new Uint8Array(32).fill(1);
const PROXY_ENTRY = new URL('../impairment-proxy-main.ts', import.meta.url);
const PEER_ENTRY = new URL(import.meta.resolve('@jamnet/jambox/main'));
export const LINK = { from: 'speaker', to: 'listener' } as const;

export interface PairSettings {
  /** The relay's process entry (`packages/studio/src/relay/main.ts`). */
  readonly relayEntry: URL;
  readonly packetFrames: 64 | 128;
  readonly offsets: readonly number[];
  readonly cardPhaseUs: number;
  readonly playoutDelayMs: number;
  readonly packets: number;
  readonly mayUseRealtime: boolean;
  /** Straight through the proxy, or over the relay behind it; absent: relay. */
  readonly path?: 'direct' | 'relay';
  readonly network: { readonly trace: Uint8Array; readonly seed: string; readonly delay?: ImpairmentDelay };
}

export interface PairOutcome {
  readonly listener: PlayReport;
  readonly speaker: PlayReport;
  /** Datagrams of all kinds that the proxy read at least 0, 100, 200 … 5,000 µs after they had come. */
  readonly proxyLateBy100Us: readonly number[];
  readonly heard: PlayReport['heard'][number];
  /** To be added to the listener's delays: what its idea of the room's start differs by from the speaker's, ms. */
  readonly correctionMs: number;
  readonly badBlockPercent: number;
  readonly sent: SentAudio;
  readonly cpuPercentRelay: number;
}

/** Relay, proxy and two players, each a process, play one sine to each other. */
export async function playPair(settings: PairSettings): Promise<PairOutcome> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-'));
  const processes: LineProcess[] = [];
  const start = (entry: URL, childOptions: object): LineProcess => {
    const child = new LineProcess(entry, childOptions);
    processes.push(child);
    return child;
  };
  try {
    const { trace, seed, delay } = settings.network;
    const traceFile = join(directory, 'trace.txt');
    writeFileSync(traceFile, trace.length === 0 ? '0' : traceText(trace));
    const sent = sine(settings.packets * settings.packetFrames);
    const inputWav = join(directory, 'sine.wav');
    writeFileSync(inputWav, wavBytes(sent));
    const relay = start(settings.relayEntry, { tokenKeyHex: '01'.repeat(32) });
    const toRelay = { host: '127.0.0.1', port: (await relay.line('listening')).port };
    const proxy = start(PROXY_ENTRY, {
      relay: toRelay,
      traceFile,
      seed,
      ...(delay === undefined ? {} : { delay }),
    });
    const port = Number((await proxy.line('listening')).port);
    const reports = await Promise.all(
      [LINK.from, LINK.to].map(async (player) => {
        const child = start(PEER_ENTRY, playerOptions(player, port, inputWav, directory, settings));
        return reportOf(await child.line('report'));
      }),
    );
    const [speaker, listener] = reports;
    const heard = listener?.heard[0];
    if (speaker === undefined || listener === undefined || heard === undefined)
      throw new Failure('bench-silent', "The listener heard nobody: look at the processes' errors above.");
    await relay.stop();
    await proxy.stop();
    // Printed by the proxy's own main.
    const { sentAudio: audio, readLateBy100Us } = (await proxy.line('closed')) as unknown as {
      readonly sentAudio: Record<string, SentAudio>;
      readonly readLateBy100Us: readonly number[];
    };
    return {
      listener,
      speaker,
      proxyLateBy100Us: readLateBy100Us,
      heard,
      correctionMs: (listener.engine.startMonotonicUsAtEnd - speaker.engine.startMonotonicUs) / 1000,
      badBlockPercent: badBlockPercent(wavSamples(readFileSync(heard.wavFile)), sent),
      sent: audio[LINK.from] ?? { datagrams: 0, bytes: 0 },
      cpuPercentRelay: Number((await relay.line('closed')).cpuPercent),
    };
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
    rmSync(directory, { recursive: true });
  }
}

function reportOf(line: Line): PlayReport {
  return line.report as PlayReport; // written by the peer's own main.ts
}

function playerOptions(
  player: string,
  port: number,
  inputWav: string,
  outputDirectory: string,
  settings: PairSettings,
): PlayOptions {
  const token = issueToken(nodeSealCrypto, TOKEN_KEY, {
    room: 'bench',
    player,
    expiresAtUs: (Date.now() + 3_600_000) * 1000,
  });
  if (!token.ok) throw new Failure(token.code, token.message);
  return {
    relay: { host: '127.0.0.1', port },
    joinToken: token.value,
    roomKeyHex: '02'.repeat(32),
    room: 'bench',
    player,
    inputWav,
    outputDirectory,
    packetFrames: settings.packetFrames,
    redundancyOffsets: settings.offsets,
    packing: true,
    playoutDelayMs: settings.playoutDelayMs,
    startWhenPlayers: 2,
    cardPhaseUs: player === LINK.to ? settings.cardPhaseUs : 0,
    mayUseRealtime: settings.mayUseRealtime,
    ...(settings.path === 'direct' ? { direct: 'reflexive' } : {}),
    consent: { record: true, train: false, strangers: false },
  };
}
