import { randomUUID } from 'node:crypto';

import { tryParsePin } from '#channel/key-pin.ts';
import { AppError } from '#shared/model/app-error.ts';
import {
  maxTargets,
  type PcnsConfiguration,
  type PcnsTarget,
  pcnsConfigurationSchema,
  pcnsTargetSchema,
} from '#shared/model/pcns.ts';

import type { PcnsSession } from './pcns-session.ts';
import {
  nameParameter,
  parameterReaders,
  remoteParameters,
  targetParameters,
} from './pcnscfg-parameter-table.ts';
import { parsePcnscfgValues } from './pcnscfg-parameters.ts';
import { type PcnscfgRun, reportResult } from './pcnscfg-verb.ts';

const remoteKeys = new Set(remoteParameters.map(({ key }) => key));

export async function addTarget(run: PcnscfgRun): Promise<void> {
  const { session, values, io } = run;
  const { targets } = await readPcnsConfiguration(session);
  if (targets.length >= maxTargets)
    throw new AppError('conflict', `There are ${maxTargets} targets already, as many as there can be`);
  if (findTarget(targets, values) !== undefined)
    throw new AppError('conflict', `A target named "${values.get('name')}" exists already`, {
      fix: 'Use modifytarget.',
    });
  const given = { guid: randomUUID(), ...(await resolveGroups(run)) };
  const target = parsePcnscfgValues(pcnsTargetSchema, given, [nameParameter, ...targetParameters]);
  await session.store.writeTarget(target);
  await warnOfServiceName(run, target);
  reportResult(io, `The target "${target.name}" was added.`, target);
}

export async function modifyTarget(run: PcnscfgRun): Promise<void> {
  const before = await requireTarget(run);
  const { name: _, ...changes } = await resolveGroups(run);
  const target = parsePcnscfgValues(pcnsTargetSchema, { ...before, ...changes }, targetParameters);
  await run.session.store.writeTarget(target);
  if (target.spn !== before.spn) await warnOfServiceName(run, target);
  reportResult(run.io, `The target "${target.name}" was changed.`, target);
}

export async function switchTarget(run: PcnscfgRun, disabled: boolean): Promise<void> {
  const target = { ...(await requireTarget(run)), disabled };
  await run.session.store.writeTarget(target);
  reportResult(run.io, `The target "${target.name}" was ${disabled ? 'disabled' : 'enabled'}.`, target);
}

export async function deleteTarget(run: PcnscfgRun): Promise<void> {
  const { guid, name } = await requireTarget(run);
  await run.session.store.removeTarget(guid);
  reportResult(run.io, `The target "${name}" was deleted.`, { guid, name });
}

/** The target stands either way: its name may be registered later. */
async function warnOfServiceName({ session, io }: PcnscfgRun, { spn }: PcnsTarget): Promise<void> {
  const { finding, accounts, sisters } = await session.diagnose(spn);
  if (finding !== undefined) io.warn(`${finding.message}. ${finding.fix}`);
  if (sisters.length > 0)
    io.warn(
      `${accounts.join(', ')} has ${sisters.join(', ')} too: names of one account share its key, so that each of these services can read the tickets of the other. Give ${spn} an account of its own.`,
    );
}

/** The configuration, or the defaults where there is none. */
export async function readPcnsConfiguration(session: PcnsSession): Promise<PcnsConfiguration> {
  return (await session.store.read()) ?? pcnsConfigurationSchema.parse({});
}

/** The parameters of the verb itself, as the schema takes them. */
export function readOwnValues(values: PcnscfgRun['values']): Record<string, unknown> {
  const own = [...values].filter(([key]) => !remoteKeys.has(key));
  return Object.fromEntries(own.map(([key, text]) => [key, parameterReaders[key]?.(text) ?? text]));
}

function findTarget(targets: readonly PcnsTarget[], values: PcnscfgRun['values']): PcnsTarget | undefined {
  const wanted = values.get('name')?.trim().toLowerCase();
  return targets.find((target) => target.name.toLowerCase() === wanted);
}

async function requireTarget({ session, values }: PcnscfgRun): Promise<PcnsTarget> {
  const { targets } = await readPcnsConfiguration(session);
  const target = findTarget(targets, values);
  if (target !== undefined) return target;
  const known = targets.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new AppError('not_found', `No target "${values.get('name')}"`, { fix: `Targets: ${known}.` });
}

/** Puts SIDs in the place of group names; an empty exclusion group or fingerprint is none. */
async function resolveGroups({ session, values, io }: PcnscfgRun): Promise<Record<string, unknown>> {
  const given = readOwnValues(values);
  for (const key of ['inclusionSid', 'exclusionSid']) {
    const group = given[key];
    if (typeof group === 'string' && group !== '') given[key] = (await session.groups.findGroup(group)).sid;
  }
  if (given['inclusionSid'] === '')
    throw new AppError('invalid_input', '/FI has no value: a target has an inclusion group');
  if (given['exclusionSid'] === '') {
    io.warn('The exclusion group is removed: every member of the inclusion group is sent from now on.');
    given['exclusionSid'] = undefined;
  }
  const fingerprint = given['fingerprint'];
  if (typeof fingerprint === 'string')
    given['fingerprint'] = fingerprint === '' ? undefined : (tryParsePin(fingerprint) ?? fingerprint);
  return given;
}
