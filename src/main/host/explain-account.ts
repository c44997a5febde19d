import type { Engine } from '#engine/engine.ts';
import type { Explanation } from '#shared/contract/people.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { ConnectorStore } from '#store/connector-store.ts';
import { splitAccount } from '#store/split-account.ts';

import type { AgentNames } from './agent-names.ts';

/** Stands for an account that no import has shown: the engine then says what it says of such a change. */
const unknownObject = '00000000-0000-0000-0000-000000000000';

interface Found {
  readonly domain: string;
  readonly account: string;
  readonly objectGuid: string;
}

/** Explains what would happen to a change of an account, in NT4 form or by its name alone where one domain has it. */
export function explainAccount(
  text: string,
  {
    engine,
    names,
    space,
  }: { readonly engine: Engine; readonly names: AgentNames; readonly space: ConnectorStore },
): Explanation {
  const { domain, name = text } = splitAccount(text);
  const found = names.all.flatMap((agent) => findIn(agent, name, domain, space));
  const [first, second] = found;
  if (first !== undefined && second !== undefined)
    throw new AppError('invalid_input', `Several domains have an account "${name}"`, {
      fix: `Name one: ${found.map((one) => `${one.domain}\\${one.account}`).join(', ')}.`,
    });
  const account = first ?? {
    domain: domain ?? defaultDomain(names),
    account: name,
    objectGuid: unknownObject,
  };
  const { connector, refusal, targets } = engine.explain(account);
  return {
    account: `${account.domain}\\${account.account}`,
    person: connector?.person,
    refusal,
    targets: targets.map(({ agent, agentName, connector: object, verdict, event, reason }) => ({
      agent,
      agentName,
      dn: object?.dn,
      verdict,
      event,
      reason,
    })),
  };
}

function findIn(agent: Agent, name: string, domain: string | undefined, space: ConnectorStore): Found[] {
  return agent.partitions.flatMap(({ dn, passwordSource: source }) => {
    if (source === undefined) return [];
    if (domain !== undefined && domain.toLowerCase() !== source.domain.toLowerCase()) return [];
    return space
      .findByAccountName(agent, name)
      .filter(({ partition }) => partition === dn)
      .map(({ anchor }) => ({ domain: source.domain, account: name, objectGuid: anchor }));
  });
}

function defaultDomain(names: AgentNames): string {
  const sources = names.all.flatMap(({ partitions }) =>
    partitions.flatMap(({ passwordSource }) => passwordSource ?? []),
  );
  const [first] = sources;
  if (first !== undefined) return first.domain;
  throw new AppError('not_found', 'No partition is a password source', {
    fix: 'Add "passwordSource" to a partition of the configuration.',
  });
}
