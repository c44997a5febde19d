import { AppError } from '#shared/model/app-error.ts';
import { pcnsServiceSchema } from '#shared/model/pcns.ts';

import type { OpenPcnsSession, PcnsLocation } from './pcns-session.ts';
import { formatPcnsListing } from './pcnscfg-listing.ts';
import {
  exclusionParameter,
  inclusionParameter,
  nameParameter,
  newTargetParameters,
  remoteParameters,
  serviceParameters,
  targetParameters,
} from './pcnscfg-parameter-table.ts';
import { type PcnscfgParameter, parsePcnscfgParameters, parsePcnscfgValues } from './pcnscfg-parameters.ts';
import {
  addTarget,
  deleteTarget,
  modifyTarget,
  readOwnValues,
  readPcnsConfiguration,
  switchTarget,
} from './pcnscfg-targets.ts';
import { type PcnscfgIo, type PcnscfgRun, type PcnscfgVerb, reportResult } from './pcnscfg-verb.ts';

/** Every verb of pcnscfg, and `schema`, which prepares the directory for the others. */
export function createPcnscfgVerbs(openSession: OpenPcnsSession): readonly PcnscfgVerb[] {
  const verb = (
    name: string,
    summary: string,
    own: readonly PcnscfgParameter[],
    work: (run: PcnscfgRun) => Promise<void>,
  ): PcnscfgVerb => {
    const parameters = [...own, ...remoteParameters];
    const run = async (args: readonly string[], io: PcnscfgIo) => {
      const values = parsePcnscfgParameters(args, parameters);
      const session = await openSession(await readLocation(values, io));
      try {
        await work({ session, values, io });
      } finally {
        await session.close();
      }
    };
    return { name, summary, parameters, run };
  };
  const groups = [nameParameter, inclusionParameter, exclusionParameter];
  return [
    verb('list', 'Shows the service and every target', [], list),
    verb('service', 'Changes the settings of the service', serviceParameters, changeService),
    verb('addtarget', 'Adds a target', [nameParameter, ...newTargetParameters], addTarget),
    verb('modifytarget', 'Changes a target', [nameParameter, ...targetParameters], modifyTarget),
    verb('securetarget', "Changes a target's groups", groups, modifyTarget),
    verb('enabletarget', 'Lets changes be queued for a target', [nameParameter], (run) =>
      switchTarget(run, false),
    ),
    verb('disabletarget', 'Stops queuing for a target and throws away what waits', [nameParameter], (run) =>
      switchTarget(run, true),
    ),
    verb('deletetarget', 'Removes a target and what waits for it', [nameParameter], deleteTarget),
    verb('schema', "Adds PCNS' classes and attributes to the schema, once a forest", [], extendSchema),
  ];
}

async function readLocation(values: ReadonlyMap<string, string>, io: PcnscfgIo): Promise<PcnsLocation> {
  const password = values.get('password');
  if (password !== undefined && password !== '*')
    throw new AppError('invalid_input', '/Password takes * alone: others can see what a command line holds', {
      fix: 'Give /Password:* and type the password when asked, or pipe it in.',
    });
  const server = values.get('remoteServer');
  if (server === undefined) return { kind: 'local', file: values.get('file') };
  const user = values.get('user');
  const caFile = values.get('certificate');
  if (user === undefined) return { kind: 'remote', server, caFile, credentials: undefined };
  const secret = await io.readSecret(`Password of ${user}: `);
  return { kind: 'remote', server, caFile, credentials: { user, password: secret } };
}

async function list({ session, io }: PcnscfgRun): Promise<void> {
  const configuration = await readPcnsConfiguration(session);
  const sids = configuration.targets.flatMap(({ inclusionSid, exclusionSid }) =>
    exclusionSid === undefined ? [inclusionSid] : [inclusionSid, exclusionSid],
  );
  const names = await session.groups.nameSids(sids);
  const document = { place: session.store.place, ...configuration, groups: Object.fromEntries(names) };
  reportResult(io, formatPcnsListing(configuration, names), document);
}

async function changeService({ session, values, io }: PcnscfgRun): Promise<void> {
  const { service } = await readPcnsConfiguration(session);
  const given = { ...service, ...readOwnValues(values) };
  const changed = parsePcnscfgValues(pcnsServiceSchema, given, serviceParameters);
  await session.store.writeService(changed);
  reportResult(io, 'The service configuration was changed.', changed);
}

async function extendSchema({ session, io }: PcnscfgRun): Promise<void> {
  const added = await session.extendSchema();
  const sentence =
    added.length === 0 ? 'The schema has everything already.' : `Added to the schema: ${added.join(', ')}`;
  reportResult(io, sentence, { added });
}
