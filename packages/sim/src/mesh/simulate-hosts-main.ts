import { hostTable, simulateHosts } from './simulate-hosts.ts';

/** `node simulate-hosts-main.ts [seed] [tasksPerHost] [hostsPerStrategy]`: prints the table for three cost ratios. */
const [seed = '92', tasks = '2000', hosts = '8'] = process.argv.slice(2);
for (const costPermille of [300, 600, 900]) {
  const simulation = simulateHosts({
    seed,
    tasksPerHost: Number(tasks),
    hostsPerStrategy: Number(hosts),
    costPermille,
  });
  process.stdout.write(
    `\ncost ${costPermille / 1000} of pay, seed ${seed}, checksum ${simulation.checksum}\n\n`,
  );
  process.stdout.write(`${hostTable(simulation)}\n`);
}
