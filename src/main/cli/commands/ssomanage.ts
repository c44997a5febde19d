import type { Command } from 'commander';
import { applicationVerbs } from '../sso/application-verbs.ts';
import { setServer, setServerForAll, showServer } from '../sso/default-server-verbs.ts';
import { exportVerbs } from '../sso/export-verbs.ts';
import { filterVerbs } from '../sso/filter-verbs.ts';
import { mappingVerbs } from '../sso/mapping-verbs.ts';
import { redeemTicket } from '../sso/redeem-ticket.ts';
import { addSsoTool } from '../sso/sso-verb.ts';
import { systemVerbs } from '../sso/system-verbs.ts';
import type { Terminal } from '../terminal.ts';

/** ssomanage: for administrators of the system and of applications. */
export function addSsomanageCommand(program: Command, terminal: Terminal): void {
  addSsoTool(program, terminal, {
    name: 'ssomanage',
    summary: 'Single sign-on: the system, affiliate applications, mappings and credentials',
    verbs: [
      setServer,
      setServerForAll,
      showServer,
      ...systemVerbs,
      ...applicationVerbs,
      ...mappingVerbs,
      redeemTicket,
      ...filterVerbs,
      ...exportVerbs,
    ],
  });
}
