import type { Joiner } from '#identity/joiner.ts';
import type { Runner } from '#identity/runner.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { Explanation } from '#shared/contract/people.ts';
import type { AgentId } from '#shared/model/change.ts';

import type { AgentLinks } from './agent-links.ts';
import type { AgentNames } from './agent-names.ts';
import type { ConfigurationFile } from './configuration/configuration-file.ts';
import type { ServiceControl } from './handlers/create-handlers.ts';
import type { QueueControl } from './handlers/queue.ts';
import type { RecentHour } from './metrics/recent-hour.ts';
import type { Vault } from './open-vault.ts';
import { removeAgent } from './remove-agent.ts';
import type { RunDesk } from './run-desk.ts';
import type { SampleDesk } from './sample/sample-desk.ts';
import type { ConfigurationJournal } from './snapshots/configuration-journal.ts';
import type { RestoreDesk } from './snapshots/restore-desk.ts';
import type { DatabaseDesk } from './sso/database-desk.ts';
import type { Domain } from './sso/domain-directory.ts';
import type { SsoService } from './sso/open-sso.ts';
import type { SynchronizationService } from './sso/open-synchronization.ts';
import type { ServerBoard } from './sso/server-board.ts';
import type { StoreMaintenance } from './store-maintenance.ts';

export interface ServiceControlParts {
  readonly sso: SsoService;
  readonly synchronization: SynchronizationService;
  readonly servers: ServerBoard;
  readonly databaseDesk: DatabaseDesk;
  readonly domains: () => readonly Domain[];
  readonly names: AgentNames;
  readonly file: ConfigurationFile;
  readonly links: AgentLinks;
  readonly vault: Vault;
  readonly runner: Runner;
  readonly desk: RunDesk;
  readonly joiner: Joiner;
  readonly preview: ServiceControl['preview'];
  readonly recent: RecentHour;
  readonly queue: QueueControl;
  readonly sample: SampleDesk;
  readonly journal: ConfigurationJournal;
  readonly restoreDesk: RestoreDesk;
  readonly maintenance: StoreMaintenance;
  readonly breakerOf: (agent: AgentId) => AgentRow['breaker'];
  readonly explain: (account: string) => Explanation;
  /** Writes what an administrator did to the event log. */
  readonly audit: (event: 7034 | 7035, message: string, agent?: AgentId) => void;
}

/** What callers may do to a running service. */
export function createServiceControl(parts: ServiceControlParts): ServiceControl {
  const {
    names,
    file,
    links,
    vault,
    runner,
    desk,
    joiner,
    preview,
    recent,
    queue,
    journal,
    maintenance,
    breakerOf,
    explain,
    audit,
  } = parts;
  const nameOf = (id: string): string => names.all.find((agent) => agent.id === id)?.name ?? id;
  return {
    sso: parts.sso,
    synchronization: parts.synchronization,
    servers: parts.servers,
    databaseDesk: parts.databaseDesk,
    domains: parts.domains,
    sample: parts.sample,
    queue,
    journal,
    restoreDesk: parts.restoreDesk,
    explain,
    joiner,
    preview,
    recent,
    backUp: () => maintenance.backUp(),
    agents: {
      sourceOf: (agent, secret) => links.sourceOf(agent, secret),
      schemaOf: (agent, secret) => links.schemaSourceOf(agent, secret),
      run: (agent, profile, options) => desk.run(runner, agent, profile, options),
      stop: (agent) => runner.cancel(agent),
      clear: (agent) => desk.clear(runner, agent),
      remove: (agent, by) => removeAgent({ file, by, clear: (one) => desk.clear(runner, one) }, agent),
      breakerOf,
    },
    credentials: {
      async set(id, secret) {
        await vault.credentials.set(id, secret);
        links.forget(id);
        audit(7034, `The password of the agent "${nameOf(id)}" was stored`, id);
      },
      async delete(id) {
        const removed = await vault.credentials.delete(id);
        links.forget(id);
        if (removed) audit(7034, `The password of the agent "${nameOf(id)}" was removed`, id);
        return removed;
      },
    },
    keys: {
      async rotate() {
        const { version, resealed } = await vault.maintenance.rotate();
        audit(7035, `Key ${version} seals from now on; ${resealed} secrets were sealed anew`);
        return { version, resealed };
      },
      async move(choice) {
        const place = await vault.move(choice);
        file.edit(['keyKeeper'], choice);
        audit(7035, `The vault is locked by the ${choice.kind} in ${place}`);
        return { keeper: choice.kind, place };
      },
      async backUp(path, passphrase) {
        await vault.backUp(path, passphrase);
        audit(7035, `The keys were backed up to ${path}`);
      },
    },
  };
}
