import { ACCOUNT_CONTRACTS } from './account.ts';
import { BOOKS_CONTRACTS } from './books.ts';
import { CODE_CONTRACTS } from './code.ts';
import type { Contract, Contracts } from './contract.ts';
import { CURATION_CONTRACTS } from './curation.ts';
import { ECONOMY_CONTRACTS } from './economy.ts';
import { GOVERNANCE_CONTRACTS } from './governance.ts';
import { GROOVE_CONTRACTS } from './groove.ts';
import { HARDWARE_CONTRACTS } from './hardware.ts';
import { HEALTH_CONTRACTS } from './health.ts';
import { MACHINES_CONTRACTS } from './machines.ts';
import { OWN_PAYEE_CONTRACTS, OWN_REDEMPTION_CONTRACTS } from './own-money.ts';
import { PAYOUTS_CONTRACTS } from './payouts.ts';
import { PERKS_CONTRACTS } from './perks.ts';
import { ROOMS_CONTRACTS } from './rooms.ts';
import { STUDIO_CONTRACTS } from './studio.ts';
import { TAKES_CONTRACTS } from './takes.ts';
import { WALLET_CONTRACTS } from './wallet.ts';

/** Contracts by area; scopes of API tokens are `area:read` and `area:act`. */
export const CONTRACTS_BY_AREA = {
  account: { ...ACCOUNT_CONTRACTS, ...OWN_PAYEE_CONTRACTS },
  wallet: { ...WALLET_CONTRACTS, ...OWN_REDEMPTION_CONTRACTS },
  machines: MACHINES_CONTRACTS,
  rooms: ROOMS_CONTRACTS,
  takes: TAKES_CONTRACTS,
  groove: GROOVE_CONTRACTS,
  code: CODE_CONTRACTS,
  curation: CURATION_CONTRACTS,
  books: BOOKS_CONTRACTS,
  economy: ECONOMY_CONTRACTS,
  governance: GOVERNANCE_CONTRACTS,
  hardware: HARDWARE_CONTRACTS,
  payouts: PAYOUTS_CONTRACTS,
  perks: PERKS_CONTRACTS,
  studio: { ...STUDIO_CONTRACTS, ...HEALTH_CONTRACTS },
} as const satisfies Record<string, Contracts>;
export type Area = keyof typeof CONTRACTS_BY_AREA;

export interface AreaContract extends Contract {
  readonly area: Area;
}

/** Every contract by `METHOD /path`. */
export const CONTRACTS: ReadonlyMap<string, AreaContract> = new Map(
  Object.entries(CONTRACTS_BY_AREA).flatMap(([area, contracts]) =>
    Object.entries<Contract>(contracts).map(([route, contract]): [string, AreaContract] => [
      route,
      // The keys of the table are the areas.
      { ...contract, area: area as Area },
    ]),
  ),
);
