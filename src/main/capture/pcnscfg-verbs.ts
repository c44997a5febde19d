import { randomUUID } from 'node:crypto';

import { AppError } from '#shared/model/app-error.ts';
import {
  maxTargets,
  type PcnsConfiguration,
  type PcnsTarget,
  pcnsConfigurationSchema,
  pcnsServiceSchema,
  pcnsTargetSchema,
} from '#shared/model/pcns.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { openPcnsSession, type PcnsLocation, type PcnsSession } from './pcns-session.ts';
import { formatPcnsListing } from './pcnscfg-listing.ts';
import {
  type PcnscfgParameter,
  parsePcnscfgParameters,
  parsePcnscfgValues,
  readBoolean,
  readNumber,
} from './pcnscfg-parameters.ts';

export interface PcnscfgIo {
  /** Writes a text and a line end to standard output. */
  readonly write: (text: string) => void;
  /** The same to standard error. */
  readonly warn: (text: string) => void;
  /** Asks at the terminal without showing what is typed, or reads a line of standard input. */
  readonly readSecret: (prompt: string) => Promise<SecretBytes>;
  /** Whether results are printed as JSON. */
  readonly json: boolean;
}

export interface PcnscfgVerb {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly PcnscfgParameter[];
  /** Throws `AppError`; nothing was changed then. */
  readonly run: (args: readonly string[], io: PcnscfgIo) => Promise<void>;
}

type Values = ReadonlyMap<string, string>;
type Work = (session: PcnsSession, values: Values, io: PcnscfgIo) => Promise<void>;

const remote: readonly PcnscfgParameter[] = [
  {
    key: 'remoteServer',
    short: 'Server',
    long: 'server',
    summary: 'domain controller to configure; this one where absent',
  },
  { key: 'user', short: 'User', long: 'user', summary: 'DOMAIN\\user that may change the configuration' },
  {
    key: 'password',
    short: 'Password',
    long: 'password',
    summary: '* asks for the password; only * is taken',
  },
  {
    key: 'certificate',
    short: 'CaFile',
    long: 'ca-file',
    summary: 'certificate authority of that domain controller, PEM',
  },
  { key: 'file', short: 'File', long: 'file', summary: 'local configuration file instead of the directory' },
];

const name: PcnscfgParameter = {
  key: 'name',
  short: 'N',
  long: 'name',
  required: true,
  summary: 'friendly name, unique',
};
const inclusion: PcnscfgParameter = {
  key: 'inclusionSid',
  short: 'FI',
  long: 'inclusion-group',
  summary: 'inclusion group, DOMAIN\\group',
};
const exclusion: PcnscfgParameter = {
  key: 'exclusionSid',
  short: 'FE',
  long: 'exclusion-group',
  summary: 'exclusion group; empty for none',
};

const targetParameters: readonly PcnscfgParameter[] = [
  {
    key: 'server',
    short: 'A',
    long: 'address',
    summary: 'host name or address of the target, with :port where it is not 6947',
  },
  { key: 'spn', short: 'S', long: 'spn', summary: 'service principal name, class/host' },
  inclusion,
  exclusion,
  {
    key: 'userNameFormat',
    short: 'F',
    long: 'user-name-format',
    summary: '1 distinguished name, 3 NT4 name (default)',
  },
  {
    key: 'keepAliveInterval',
    short: 'I',
    long: 'keep-alive',
    summary: 'seconds between status messages, 0 for none (default)',
  },
  { key: 'disabled', short: 'D', long: 'disabled', summary: 'True or False (default)' },
  {
    key: 'queueWarningLevel',
    short: 'WL',
    long: 'queue-warning-level',
    summary: 'waiting changes that cause a warning, 0 for never (default)',
  },
  {
    key: 'queueWarningInterval',
    short: 'WI',
    long: 'queue-warning-interval',
    summary: 'minutes between warnings, default 30',
  },
  {
    key: 'fingerprint',
    short: 'K',
    long: 'fingerprint',
    summary:
      "SHA-256 of the target's public key, 64 hexadecimal digits; empty where a certificate authority vouches",
  },
];
const required = new Set(['server', 'spn', 'inclusionSid']);

const serviceParameters: readonly PcnscfgParameter[] = [
  {
    key: 'maximumQueueLength',
    short: 'L',
    long: 'maximum-queue-length',
    summary: '0 to 4294967295 changes, 0 is unlimited (default)',
  },
  {
    key: 'maximumQueueAge',
    short: 'A',
    long: 'maximum-queue-age',
    summary: '0 to 4294967295 seconds, 0 is unlimited, default 259200',
  },
  {
    key: 'maximumNotificationRetries',
    short: 'R',
    long: 'maximum-notification-retries',
    summary: '0 to 1000, 0 is unlimited (default)',
  },
  { key: 'retryInterval', short: 'I', long: 'retry-interval', summary: '10 to 3600 seconds, default 60' },
];

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  userNameFormat: readNumber,
  keepAliveInterval: readNumber,
  queueWarningLevel: readNumber,
  queueWarningInterval: readNumber,
  maximumQueueLength: readNumber,
  maximumQueueAge: readNumber,
  maximumNotificationRetries: readNumber,
  retryInterval: readNumber,
  disabled: readBoolean,
};

const remoteKeys = new Set(remote.map(({ key }) => key));

/** Every verb of pcnscfg, and `schema`, which prepares the directory for the others. */
export const pcnscfgVerbs: readonly PcnscfgVerb[] = [
  verb('list', 'Shows the service and every target', [], list),
  verb('service', 'Changes the settings of the service', serviceParameters, changeService),
  verb(
    'addtarget',
    'Adds a target',
    [name, ...targetParameters.map((each) => (required.has(each.key) ? { ...each, required: true } : each))],
    addTarget,
  ),
  verb('modifytarget', 'Changes a target', [name, ...targetParameters], modifyTarget),
  verb('securetarget', "Changes a target's groups", [name, inclusion, exclusion], modifyTarget),
  verb('enabletarget', 'Lets changes be queued for a target', [name], (...given) =>
    switchTarget(false, ...given),
  ),
  verb('disabletarget', 'Stops queuing for a target and throws away what waits', [name], (...given) =>
    switchTarget(true, ...given),
  ),
  verb('deletetarget', 'Removes a target and what waits for it', [name], deleteTarget),
  verb(
    'schema',
    "Adds PCNS' classes and attributes to the directory's schema, once a forest",
    [],
    extendSchema,
  ),
];

function verb(
  title: string,
  summary: string,
  parameters: readonly PcnscfgParameter[],
  work: Work,
): PcnscfgVerb {
  const all = [...parameters, ...remote];
  return {
    name: title,
    summary,
    parameters: all,
    run: async (args, io) => {
      const values = parsePcnscfgParameters(args, all);
      const session = await openPcnsSession(await readLocation(values, io));
      try {
        await work(session, values, io);
      } finally {
        await session.close();
      }
    },
  };
}

async function readLocation(values: Values, io: PcnscfgIo): Promise<PcnsLocation> {
  const [server, user, password, file] = ['remoteServer', 'user', 'password', 'file'].map((key) =>
    values.get(key),
  );
  if (password !== undefined && password !== '*')
    throw new AppError('invalid_input', '/Password takes * alone: others can see what a command line holds', {
      fix: 'Give /Password:* and type the password when asked, or pipe it in.',
    });
  if (server === undefined) return { kind: 'local', file };
  if (user === undefined)
    return { kind: 'remote', server, caFile: values.get('certificate'), credentials: undefined };
  const secret = await io.readSecret(`Password of ${user}: `);
  return {
    kind: 'remote',
    server,
    caFile: values.get('certificate'),
    credentials: { user, password: secret },
  };
}

async function list(session: PcnsSession, _values: Values, io: PcnscfgIo): Promise<void> {
  const configuration = await readConfiguration(session);
  const sids = configuration.targets.flatMap((target) =>
    [target.inclusionSid, target.exclusionSid ?? []].flat(),
  );
  const names = await session.groups.nameSids(sids);
  if (io.json)
    io.write(
      JSON.stringify({ place: session.store.place, ...configuration, groups: Object.fromEntries(names) }),
    );
  else io.write(formatPcnsListing(configuration, names));
}

async function changeService(session: PcnsSession, values: Values, io: PcnscfgIo): Promise<void> {
  const { service } = await readConfiguration(session);
  const changed = parsePcnscfgValues(
    pcnsServiceSchema,
    { ...service, ...typedValues(values) },
    serviceParameters,
  );
  await session.store.writeService(changed);
  report(io, 'The service configuration was changed.', changed);
}

async function addTarget(session: PcnsSession, values: Values, io: PcnscfgIo): Promise<void> {
  const { targets } = await readConfiguration(session);
  if (targets.length >= maxTargets)
    throw new AppError('conflict', `There are ${maxTargets} targets already, as many as there can be`);
  if (findTarget(targets, values) !== undefined)
    throw new AppError('conflict', `A target named "${values.get('name')}" exists already`, {
      fix: 'Use modifytarget.',
    });
  const given = await resolveGroups(session, typedValues(values), io);
  const target = parsePcnscfgValues(pcnsTargetSchema, { guid: randomUUID(), ...given }, [
    name,
    ...targetParameters,
  ]);
  await session.store.writeTarget(target);
  report(io, `The target "${target.name}" was added.`, target);
}

async function modifyTarget(session: PcnsSession, values: Values, io: PcnscfgIo): Promise<void> {
  const before = requireTarget(await readConfiguration(session), values);
  const given = await resolveGroups(session, typedValues(values), io);
  const { name: _, ...changes } = given;
  const target = parsePcnscfgValues(pcnsTargetSchema, { ...before, ...changes }, targetParameters);
  await session.store.writeTarget(target);
  report(io, `The target "${target.name}" was changed.`, target);
}

async function switchTarget(disabled: boolean, ...[session, values, io]: Parameters<Work>): Promise<void> {
  const target = { ...requireTarget(await readConfiguration(session), values), disabled };
  await session.store.writeTarget(target);
  report(io, `The target "${target.name}" was ${disabled ? 'disabled' : 'enabled'}.`, target);
}

async function deleteTarget(session: PcnsSession, values: Values, io: PcnscfgIo): Promise<void> {
  const target = requireTarget(await readConfiguration(session), values);
  await session.store.removeTarget(target.guid);
  report(io, `The target "${target.name}" was deleted.`, { guid: target.guid, name: target.name });
}

async function extendSchema(session: PcnsSession, _values: Values, io: PcnscfgIo): Promise<void> {
  const added = await session.extendSchema();
  const message =
    added.length === 0 ? 'The schema has everything already.' : `Added to the schema: ${added.join(', ')}`;
  report(io, message, { added });
}

async function readConfiguration(session: PcnsSession): Promise<PcnsConfiguration> {
  return (await session.store.read()) ?? pcnsConfigurationSchema.parse({});
}

function findTarget(targets: readonly PcnsTarget[], values: Values): PcnsTarget | undefined {
  const wanted = values.get('name')?.trim().toLowerCase();
  return targets.find((target) => target.name.toLowerCase() === wanted);
}

function requireTarget({ targets }: PcnsConfiguration, values: Values): PcnsTarget {
  const target = findTarget(targets, values);
  if (target !== undefined) return target;
  const known = targets.map((each) => `"${each.name}"`).join(', ') || 'none';
  throw new AppError('not_found', `No target "${values.get('name')}"`, { fix: `Targets: ${known}.` });
}

function typedValues(values: Values): Record<string, unknown> {
  const own = [...values].filter(([key]) => !remoteKeys.has(key));
  return Object.fromEntries(own.map(([key, text]) => [key, readers[key]?.(text) ?? text]));
}

/** Puts SIDs in the place of group names; an empty exclusion group or fingerprint is none. */
async function resolveGroups(
  session: PcnsSession,
  given: Record<string, unknown>,
  io: PcnscfgIo,
): Promise<Record<string, unknown>> {
  const resolved = { ...given };
  for (const key of ['inclusionSid', 'exclusionSid']) {
    const group = given[key];
    if (typeof group === 'string' && group !== '')
      resolved[key] = (await session.groups.findGroup(group)).sid;
  }
  if (given['exclusionSid'] === '') {
    io.warn('The exclusion group is removed: every member of the inclusion group is sent from now on.');
    resolved['exclusionSid'] = undefined;
  }
  if (given['fingerprint'] === '') resolved['fingerprint'] = undefined;
  if (given['inclusionSid'] === '')
    throw new AppError('invalid_input', '/FI has no value: a target has one inclusion group');
  return resolved;
}

function report(io: PcnscfgIo, message: string, value: object): void {
  io.write(io.json ? JSON.stringify(value) : message);
}
