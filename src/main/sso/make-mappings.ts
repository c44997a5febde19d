import type { BulkPassword, MadeMapping } from '#shared/contract/sso-bulk.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { makeExternalName } from '#shared/text/external-name.ts';

import type { SsoCaller } from './caller.ts';
import { requireSynchronizedField } from './credentials.ts';
import type { MappingRequest } from './mappings.ts';
import type { Mapping } from './ports.ts';
import type { SetCredentialsParts } from './set-credentials.ts';

export interface BulkMapping {
  readonly application: string;
  readonly mappings: readonly Omit<MappingRequest, 'application'>[];
  readonly enable: boolean;
  readonly password?: BulkPassword | undefined;
}

export interface MakeMappingsParts extends SetCredentialsParts {
  readonly applications: { require(name: string): Promise<SsoApplication> };
}

/**
 * Makes many mappings, each on its own: one that is refused holds up no other, and running the same again goes on
 * where it ended. Throws only for what would refuse every one of them.
 */
export async function makeMappings(
  parts: MakeMappingsParts,
  caller: SsoCaller,
  { application: name, mappings: requests, enable, password }: BulkMapping,
  signal?: AbortSignal,
): Promise<readonly MadeMapping[]> {
  const { access, applications } = parts;
  const application = await applications.require(name);
  await access.requireAdministratorOf(caller, application, `Making mappings of ${application.name}`);
  if (password !== undefined) requireSynchronizedField(application);
  const made: MadeMapping[] = [];
  for (const request of requests) {
    signal?.throwIfAborted();
    made.push(await makeOne({ application: application.name, ...request }));
  }
  return made;

  async function makeOne(request: MappingRequest): Promise<MadeMapping> {
    const { mappings } = parts;
    const { windowsAccount, externalUser } = request;
    let outcome: MadeMapping['outcome'] = 'refused';
    let passwordSet = false;
    try {
      const known = await findSame(request);
      const mapping = known ?? (await mappings.create(caller, [request]))[0];
      outcome = known === undefined ? 'created' : 'there';
      if (mapping === undefined) throw new AppError('internal', 'The mapping was not made');
      if (password !== undefined) {
        await setPassword(mapping, password);
        passwordSet = true;
      }
      if (enable && !mapping.enabled) await mappings.setEnabled(caller, request, true);
      return { windowsAccount: mapping.windowsAccount, externalUser, outcome, passwordSet };
    } catch (error) {
      // A store that is away is no fault of this mapping: the next ones would all say the same.
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      return { windowsAccount, externalUser, outcome, passwordSet, problem: error.message };
    }
  }

  async function findSame(request: MappingRequest): Promise<Mapping | undefined> {
    const [mapping] = await parts.ports.database.listMappings({
      applications: [request.application],
      windowsAccount: request.windowsAccount,
      externalUser: request.externalUser,
      limit: 1,
    });
    return mapping;
  }

  async function setPassword(mapping: Mapping, rule: BulkPassword): Promise<void> {
    const { credentials, forget, ports } = parts;
    using value = passwordOf(mapping, rule);
    await credentials.writePassword(application, mapping, 'external', value, ports.clock.now());
    forget(application.name);
    const by = access.accountOf(caller) ?? caller.name;
    await ports.audit.record({
      event: 10535,
      message: `The credentials of ${mapping.externalUser} in ${application.name} were set by ${by}`,
      caller: by,
      application: application.name,
      windowsAccount: mapping.windowsAccount,
      externalUser: mapping.externalUser,
      level: 2,
      table: 'administration',
    });
  }
}

/** A copy, which the caller wipes. Names are known to many; they become bytes only here. */
function passwordOf({ windowsAccount, externalUser }: Mapping, rule: BulkPassword): SecretBytes {
  if (rule.rule === 'fixed') return SecretBytes.copy(rule.password.bytes);
  const text = rule.rule === 'external-name' ? externalUser : makeExternalName(rule.rules, windowsAccount);
  if (text === '')
    throw new AppError('invalid_input', `The rules leave nothing for the password of ${windowsAccount}`);
  return SecretBytes.take(new TextEncoder().encode(text));
}
