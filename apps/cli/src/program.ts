import { RELEASE } from '@jamnet/base';
import { Command } from 'commander';
import { addAccountCommand } from './commands/account.ts';
import { addActsCommand } from './commands/acts.ts';
import { addAttributeCommand } from './commands/attribute.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBackupCommand } from './commands/backup.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addBountyCommand } from './commands/bounty.ts';
import { addBoxCommand } from './commands/box.ts';
import { addCapTableCommand } from './commands/cap-table.ts';
import { addCodeCommand } from './commands/code.ts';
import { addConcealCommand } from './commands/conceal.ts';
import { addConcealRoundCommand } from './commands/conceal-round.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEpochCommand } from './commands/epoch.ts';
import { addGrooveCommand } from './commands/groove.ts';
import { addHardwareCommand } from './commands/hardware.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addLedgerCommand } from './commands/ledger.ts';
import { addListenCommand } from './commands/listen.ts';
import { addMeshCommand } from './commands/mesh.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addNodeCommand } from './commands/node.ts';
import { addObjectsCommand } from './commands/objects.ts';
import { addPayeeCommand } from './commands/payee.ts';
import { addPayoutCommand } from './commands/payout.ts';
import { addPerkCommand } from './commands/perk.ts';
import { addPlayCommand } from './commands/play.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addProposalCommand } from './commands/proposal.ts';
import { addRedeemCommand } from './commands/redeem.ts';
import { addRedeemManageCommands } from './commands/redeem-manage.ts';
import { addRedeemSimulateCommand } from './commands/redeem-simulate.ts';
import { addRelayCommand } from './commands/relay.ts';
import { addReportCommand } from './commands/report.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addRevenueCommand } from './commands/revenue.ts';
import { addRoomCommand } from './commands/room.ts';
import { addSimCommand } from './commands/sim.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTakeCommand } from './commands/take.ts';
import { addToastCommand } from './commands/toast-dump.ts';
import { addUpCommand } from './commands/up.ts';
import { addValuationCommand } from './commands/valuation.ts';
import { addWalletCommand } from './commands/wallet.ts';
import type { CommandContext } from './context.ts';

/** The whole command line. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('jamnet')
    .description(
      'JAMNet: play together, let idle machines repair and forecast the music, and see everybody paid by a public formula.',
    )
    .version(RELEASE)
    // Options after a command are that command's: else `redeem` would take the --data of `redeem run`.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: (text) => void context.stderr.write(text) })
    .showHelpAfterError('(add --help for what the command takes)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 something failed · 2 the command line or a file is wrong · 3 refused, nothing changed · 130 interrupted',
    );
  for (const add of [
    addUpCommand,
    addStatusCommand,
    addAccountCommand,
    addActsCommand,
    addWalletCommand,
    addRedeemCommand,
    addRedeemSimulateCommand,
    addRedeemManageCommands,
    addPayeeCommand,
    addPayoutCommand,
    addRevenueCommand,
    addValuationCommand,
    addHardwareCommand,
    addPolicyCommand,
    addProposalCommand,
    addEpochCommand,
    addPerkCommand,
    addReportCommand,
    addCapTableCommand,
    addAuditCommand,
    addBackupCommand,
    addRestoreCommand,
    addKeysCommand,
    addMigrateCommand,
    addConfigCommand,
    addObjectsCommand,
    addLedgerCommand,
    addPlayCommand,
    addListenCommand,
    addBoxCommand,
    addDoctorCommand,
    addRoomCommand,
    addRelayCommand,
    addNodeCommand,
    addMeshCommand,
    addAttributeCommand,
    addCodeCommand,
    addBountyCommand,
    addBenchCommand,
    addSimCommand,
    addConcealCommand,
    addConcealRoundCommand,
    addToastCommand,
    addTakeCommand,
    addGrooveCommand,
  ])
    add(program, context);
  return program;
}
