import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeKeyFromSeed, platformSha256, standardCatalogue } from '@jamnet/jamnode';
import { Coordinator, signEntry } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openPostgres } from '@jamnet/sql';
import '../../processes/exit-with-parent.ts';
import { attachMesh } from '../mesh-socket.ts';
import { sharedParts } from './shared-parts.ts';

// One of several coordinators on one PostgreSQL, in a process of its own. The argument is the database's URL; the port is
// told on stdout.
const secret = platformSha256(Buffer.from('studio of the test'));
const database = openPostgres({ url: process.argv[2] ?? '' });
const server = createServer();
attachMesh(server, {
  coordinator: new Coordinator(sharedParts(), await openMeshStore(database)),
  catalogue: standardCatalogue().map((entry) => signEntry(entry, secret)),
  studioKey: nodeKeyFromSeed(Buffer.from(secret).toString('hex')).publicKey,
  nowUs: () => BigInt(Date.now()) * 1000n,
  heartbeatMs: 1000,
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`); // a server that listens on a port
});
