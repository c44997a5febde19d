import type { NameRules } from '#shared/model/sso-name-rules.ts';
import { makeExternalName } from '#shared/text/external-name.ts';

import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import type { SsoCaller } from './caller.ts';
import { findMappingConflict } from './mapping-conflict.ts';
import type { NewMapping, SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

export interface MappingPlan {
  readonly application: string;
  /** Users and groups to make mappings for. */
  readonly accounts: readonly string[];
  readonly rules: NameRules;
  readonly limit: number;
}

export interface PlannedMapping {
  readonly windowsAccount: string;
  readonly externalUser: string;
  /** Why it would be refused. */
  readonly problem?: string;
}

/** What bulk mapping would make, without making any of it. */
export async function planMappings(
  parts: { readonly ports: SsoPorts; readonly access: Access; readonly applications: Applications },
  caller: SsoCaller,
  { application: name, accounts, rules, limit }: MappingPlan,
): Promise<readonly PlannedMapping[]> {
  const { ports, access, applications } = parts;
  const application = await applications.require(name);
  await access.requireAdministratorOf(caller, application, `Planning mappings of ${application.name}`);
  if (application.type !== 'individual')
    throw new SsoError(
      10787,
      'conflict',
      `${application.name} is no Individual application; its mappings are few`,
    );
  const planned: PlannedMapping[] = [];
  const external = new Map<string, string>();
  for await (const { account, isDisabled } of ports.directory.usersIn(accounts)) {
    if (planned.length >= limit) break;
    const externalUser = makeExternalName(rules, account);
    const problem = await findProblem(account, externalUser, isDisabled);
    external.set(externalUser, account);
    planned.push({ windowsAccount: account, externalUser, ...(problem === undefined ? {} : { problem }) });
  }
  return planned;

  async function findProblem(
    windowsAccount: string,
    externalUser: string,
    isDisabled: boolean,
  ): Promise<string | undefined> {
    if (externalUser === '') return 'The rules leave nothing of the name';
    if (isDisabled) return 'The account is disabled';
    const twin = external.get(externalUser);
    if (twin !== undefined) return `The rules make the same name of ${twin}`;
    if ((await access.firstUserOf(windowsAccount, application)) === undefined)
      return `It is no Application User of ${application.name}`;
    const mapping: NewMapping = {
      application: application.name,
      windowsAccount,
      externalUser,
      enabled: false,
      disabledByAdministrator: false,
    };
    const [own] = await ports.database.listMappings({
      applications: [application.name],
      windowsAccount,
      limit: 1,
    });
    const [other] = await ports.database.listMappings({
      applications: [application.name],
      externalUser,
      limit: 1,
    });
    const others = [own, other].filter((each) => each !== undefined);
    return findMappingConflict(application, mapping, others)?.message;
  }
}
