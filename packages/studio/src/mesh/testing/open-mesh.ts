import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeKeyFromSeed, platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import {
  Catalogue,
  Coordinator,
  DISPATCH_POLICY,
  type MeshStore,
  type MeshTables,
  signEntry,
  TRUST_POLICY,
} from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openSqlite } from '@jamnet/sql';
import { attachMesh, type MeshOptions, type MeshSocket } from '../mesh-socket.ts';

export interface OpenedMesh {
  readonly mesh: MeshSocket;
  readonly port: number;
  /** From now on each transaction fails with this; `null`: the store is back. */
  breakStore(error: Error | null): void;
  close(): Promise<void>;
}

/** A mesh on a port of its own (or `port`), over a store in memory that can be made to fail. */
export async function openMesh(
  options: Pick<MeshOptions, 'onFailure' | 'connectionsMax' | 'heartbeatMs'> & {
    readonly page?: RequestListener;
    readonly port?: number | undefined;
  } = {},
): Promise<OpenedMesh> {
  const database = openSqlite({ file: ':memory:' });
  const secret = platformSha256(Buffer.from('studio of the test'));
  const entries = standardCatalogue();
  const whole = await openMeshStore(database);
  let broken: Error | null = null;
  const store: MeshStore = {
    transaction: <T>(work: (tables: MeshTables) => Promise<T>) =>
      broken ? Promise.reject(broken) : whole.transaction(work),
    blob: (key) => (broken ? Promise.reject(broken) : whole.blob(key)),
  };
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(entries),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret,
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    store,
  );
  const server = createServer(options.page);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const mesh = attachMesh(server, {
    ...options,
    coordinator,
    catalogue: entries.map((entry) => signEntry(entry, secret)),
    studioKey: nodeKeyFromSeed(Buffer.from(secret).toString('hex')).publicKey,
    nowUs: () => BigInt(Date.now()) * 1000n,
  });
  return {
    mesh,
    port: (server.address() as AddressInfo).port, // A server that listens on a port has this kind of address.
    breakStore: (error) => {
      broken = error;
    },
    close: async () => {
      await mesh.close();
      server.close();
      server.closeAllConnections();
      await database.close();
    },
  };
}
