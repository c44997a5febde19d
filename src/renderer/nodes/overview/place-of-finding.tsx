import type { FindingPlace } from '#shared/contract/finding.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { ConfigurationReading } from '#state/use-draft.ts';

import type { NodeServices } from '../node-services.ts';
import { openSetUpWizard } from '../root/open-set-up-wizard.tsx';
import { openOptions } from '../tools/open-options.tsx';

/** Where something is set, in the words of the console, and the way there. */
export interface FoundPlace {
  readonly label: string;
  open(): void | Promise<void>;
}

/** Pages of Management Agent Properties by the settings that they show. */
const agentPages: Readonly<Record<string, readonly [id: string, title: string]>> = {
  partitions: ['partitions', 'Configure Directory Partitions'],
  filter: ['filter', 'Configure Connector Filter'],
  join: ['join', 'Configure Join and Projection Rules'],
  project: ['join', 'Configure Join and Projection Rules'],
  flow: ['flow', 'Configure Attribute Flow'],
  exportFlow: ['flow', 'Configure Attribute Flow'],
  provision: ['provisioning', 'Configure Provisioning'],
  deprovision: ['deprovisioning', 'Configure Deprovisioning'],
  password: ['extensions', 'Configure Extensions'],
  connection: ['connection', 'Connect to Server'],
};

/** Nodes by the part of the configuration that they show. */
const nodes: Readonly<Record<string, readonly [path: string, label: string]>> = {
  singleSignOn: ['carillon/single-sign-on/servers', 'Enterprise Single Sign-On: Servers'],
  metaverse: ['carillon/identity-manager/designer', 'Metaverse Designer'],
  snapshots: ['carillon/snapshots', 'Snapshots'],
};

/** The places of findings by their JSON; what is set in the configuration file alone has none. */
export async function findPlaces(
  places: readonly (FindingPlace | undefined)[],
  services: NodeServices,
  reveal: (path: string) => void,
): Promise<ReadonlyMap<string, FoundPlace>> {
  const wanted = places.filter((place) => place !== undefined);
  if (wanted.length === 0) return new Map();
  const reading = await services.session.client.call('configuration.get', {});
  const found = new Map<string, FoundPlace>();
  for (const place of wanted) {
    const one = placeOf(place, reading, services, reveal);
    if (one !== undefined) found.set(JSON.stringify(place), one);
  }
  return found;
}

function placeOf(
  place: FindingPlace,
  reading: ConfigurationReading,
  services: NodeServices,
  reveal: (path: string) => void,
): FoundPlace | undefined {
  const { agents } = reading.configuration;
  if (place.kind === 'queue')
    return { label: 'Queue', open: () => reveal('carillon/password-synchronization/queue') };
  if (place.kind === 'controllers')
    return {
      label: 'Domain controllers',
      open: () => reveal('carillon/password-synchronization/controllers'),
    };
  if (place.kind === 'agent') {
    const agent = agents.find(({ id }) => id === place.agent);
    return agent && agentPlace(agent, 'password', services);
  }
  const [, index, setting = ''] = /^agents\[(\d+)\](?:\.(\w+))?/.exec(place.path) ?? [];
  if (index !== undefined) {
    const agent = agents[Number(index)];
    return agent && agentPlace(agent, setting, services);
  }
  const top = /^\w+/.exec(place.path)?.[0] ?? '';
  if (top === 'passwordSync') return { label: 'Tools > Options', open: () => openOptions(services) };
  if (top === 'channel') return { label: 'Set Up This Computer', open: () => openSetUpWizard(services) };
  if (place.path.startsWith('singleSignOn.system'))
    return { label: 'System Properties', open: () => openSystem(services) };
  const node = nodes[top];
  return node && { label: node[1], open: () => reveal(node[0]) };
}

function agentPlace(
  { id, name, kind }: Agent,
  setting: string,
  { session, openDialog }: NodeServices,
): FoundPlace {
  if (setting === 'runProfiles')
    return {
      label: `${name}: Configure Run Profiles`,
      open: async () => {
        const [{ RunProfilesSheet }, reading] = await Promise.all([
          import('../management-agents/profiles/RunProfilesSheet.tsx'),
          session.client.call('configuration.get', {}),
        ]);
        openDialog((close) => <RunProfilesSheet id={id} name={name} reading={reading} onClose={close} />);
      },
    };
  const [page, title] = agentPages[setting] ?? ['properties', 'Properties'];
  const isForest = page === 'connection' && kind === 'active-directory';
  return {
    label: `${name} Properties: ${isForest ? 'Connect to Active Directory Forest' : title}`,
    open: async () => {
      const [{ AgentSheet }, reading] = await Promise.all([
        import('../management-agents/sheet/AgentSheet.tsx'),
        session.client.call('configuration.get', {}),
      ]);
      openDialog((close) => (
        <AgentSheet id={id} name={name} reading={reading} startPage={page} onClose={close} />
      ));
    },
  };
}

async function openSystem({ session, openDialog }: NodeServices): Promise<void> {
  const [{ SystemSheet }, reading] = await Promise.all([
    import('../single-sign-on/SystemSheet.tsx'),
    session.client.call('configuration.get', {}),
  ]);
  openDialog((close) => <SystemSheet reading={reading} onClose={close} />);
}
