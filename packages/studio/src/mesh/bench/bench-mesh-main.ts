import '../../processes/exit-with-parent.ts';
import { type BenchMeshOptions, benchMesh } from './bench-mesh.ts';

// The coordinator of the bench in a process that holds nothing else. The argument is BenchMeshOptions in JSON, the result one
// line of JSON on stdout.
const options = JSON.parse(process.argv[2] ?? '{}') as BenchMeshOptions; // Our own parent wrote it.
process.stdout.write(`${JSON.stringify(await benchMesh(options))}\n`, () => process.exit(0));
