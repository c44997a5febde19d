import type { ssoContract } from '#shared/contract/sso.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Call, Handlers } from '#shared/rpc/contract.ts';
import { packFields, unpackFields, wipeFields } from '#shared/secret/credential-fields.ts';
import { localCaller, type SsoCaller } from '#sso/caller.ts';
import type { FoundCredentials } from '#sso/lookups.ts';
import { planMappings } from '#sso/plan-mappings.ts';
import { isSsoError } from '#sso/sso-error.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { changeSsoSettings } from '../sso/change-settings.ts';
import { describeSso } from '../sso/describe-sso.ts';
import type { SsoService } from '../sso/open-sso.ts';
import { requireSsoReader } from './require-sso-reader.ts';

/** The caller of a call, as single sign-on knows callers. Throws `AppError` `forbidden` for one that nobody proved. */
export function ssoCallerOf({ access, account, caller, isRemote }: Call): SsoCaller {
  // Without an account it must be the service's own socket, which gives whoever opens it everything.
  if (account === undefined && access !== 'administer')
    throw new AppError('forbidden', 'Single sign-on needs to know the account of the caller');
  return account === undefined
    ? localCaller(caller)
    : { account, name: account, isRemote: isRemote ?? false };
}

export function createSsoHandlers(
  file: ConfigurationFile,
  required: () => SsoService,
  changed: () => void,
): Handlers<typeof ssoContract> {
  const sso = () => required().sso;
  const parsed = <T extends { readonly changes: Readonly<Record<string, unknown>> }>({
    changes,
    ...update
  }: T) => ({
    ...update,
    changes: Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value ?? undefined])),
  });
  return {
    'sso.status': (_, call) => describeSso(required(), ssoCallerOf(call)),
    'sso.settings': async (_, call) => {
      await requireSsoReader(sso(), call, 'Looking at the settings');
      const { system, server } = required().ports.settings();
      return { system, ...(server === undefined ? {} : { server }) };
    },
    'sso.changeSettings': async (changes, call) => {
      await changeSsoSettings({ sso: sso(), file }, ssoCallerOf(call), changes);
      return {};
    },

    'sso.applications': async (_, call) => [...(await sso().applications.list(ssoCallerOf(call)))],
    'sso.application': ({ name }, call) => sso().applications.get(ssoCallerOf(call), name),
    'sso.createApplications': async ({ applications, enable }, call) => {
      await sso().applications.create(ssoCallerOf(call), applications, enable);
      changed();
      return {};
    },
    'sso.updateApplications': async ({ updates }, call) => {
      await sso().applications.update(ssoCallerOf(call), updates.map(parsed));
      return {};
    },
    'sso.deleteApplications': async ({ names }, call) => ({
      mappings: await sso().applications.delete(ssoCallerOf(call), names),
    }),
    'sso.clearCache': async ({ name }, call) => {
      await sso().applications.clearCache(ssoCallerOf(call), name);
      return {};
    },

    'sso.mappings': async ({ application, windowsAccount, externalUser, after, limit }, call) => [
      ...(await sso().mappings.list(ssoCallerOf(call), {
        ...(application === undefined ? {} : { applications: [application] }),
        ...(windowsAccount === undefined ? {} : { windowsAccount }),
        ...(externalUser === undefined ? {} : { externalUser }),
        ...(after === undefined ? {} : { after }),
        limit,
      })),
    ],
    'sso.setMappingEnabled': async ({ mapping, enabled }, call) => {
      await sso().mappings.setEnabled(ssoCallerOf(call), mapping, enabled);
      return {};
    },
    'sso.planMappings': async (plan, call) => [...(await planMappings(sso(), ssoCallerOf(call), plan))],
    'sso.setCredentials': async ({ mapping, fields: packed, windowsPassword }, call) => {
      const caller = ssoCallerOf(call);
      const fields = unpackFields(packed);
      try {
        const created = await createMissing(mapping, caller);
        await sso().setCredentials(caller, { ...mapping, fields, windowsPassword });
        return { created };
      } finally {
        wipeFields(fields);
      }
    },
    'sso.issueTicket': async (_, call) => ({
      ticket: Buffer.from(await sso().tickets.issue(ssoCallerOf(call))).toString('base64'),
    }),

    'sso.getCredentials': async ({ application }, call) =>
      packFound(await sso().lookups.getCredentials(ssoCallerOf(call), application)),
    'sso.redeemTicket': async ({ application, ticket, sender }, call) =>
      packFound(await sso().tickets.redeem(ssoCallerOf(call), { application, ticket: ticket.bytes, sender })),
    'sso.getWindowsAccount': async ({ application, externalUser, password }, call) => ({
      windowsAccount: await sso().lookups.getWindowsAccount(
        ssoCallerOf(call),
        application,
        externalUser,
        password,
      ),
    }),

    'sso.filters': async (_, call) => [...(await sso().filters.list(ssoCallerOf(call)))],
    'sso.saveFilter': async ({ filter, seen }, call) => {
      await sso().filters.save(ssoCallerOf(call), filter, seen);
      changed();
      return {};
    },
    'sso.deleteFilter': async ({ name }, call) => {
      await sso().filters.delete(ssoCallerOf(call), name);
      changed();
      return {};
    },
    'sso.assignFilter': async ({ application, filter }, call) => {
      await sso().filters.assign(ssoCallerOf(call), application, filter);
      return {};
    },

    'sso.adapters': async (_, call) => {
      const { adapters } = sso();
      const known = await adapters.list(ssoCallerOf(call));
      return await Promise.all(
        known.map(async (adapter) => ({
          adapter,
          applications: [...(await adapters.applicationsOf(adapter.name))],
          members: [...(await adapters.membersOf(adapter.name))],
        })),
      );
    },
    'sso.createAdapters': async ({ adapters }, call) => {
      await sso().adapters.create(ssoCallerOf(call), adapters);
      return {};
    },
    'sso.updateAdapters': async ({ updates }, call) => {
      await sso().adapters.update(ssoCallerOf(call), updates.map(parsed));
      return {};
    },
    'sso.deleteAdapter': async ({ name }, call) => {
      await sso().adapters.delete(ssoCallerOf(call), name);
      return {};
    },
    'sso.assignApplication': async ({ application, adapter }, call) => {
      await sso().adapters.addApplication(ssoCallerOf(call), adapter, application);
      return {};
    },
    'sso.unassignApplication': async ({ application }, call) => {
      await sso().adapters.removeApplication(ssoCallerOf(call), application);
      return {};
    },
    'sso.addToGroup': async ({ adapter, group }, call) => {
      await sso().adapters.addToGroup(ssoCallerOf(call), adapter, group);
      return {};
    },
    'sso.removeFromGroup': async ({ adapter, group }, call) => {
      await sso().adapters.removeFromGroup(ssoCallerOf(call), adapter, group);
      return {};
    },

    'sso.checkSpn': async ({ connectTo }, call) => {
      const { spn, accounts, clockDifferenceMs, findings } = await required().checkSpn(
        ssoCallerOf(call),
        connectTo,
      );
      return {
        spn,
        accounts: [...accounts],
        ...(clockDifferenceMs === undefined ? {} : { clockDifferenceMs }),
        findings: [...findings],
      };
    },

    'sso.audit': async ({ table, before, limit }, call) => {
      await sso().access.requireAffiliateAdministrator(ssoCallerOf(call), 'Reading the audit');
      return [...required().trail.list(table, limit, before)];
    },
    'sso.verifyAudit': async (_, call) => {
      await sso().access.requireSsoAdministrator(ssoCallerOf(call), 'Verifying the audit');
      const { lines, findings } = required().trail.verify();
      return {
        lines,
        findings: findings.map(({ sequence, ...finding }) => ({
          ...finding,
          ...(sequence === undefined ? {} : { sequence }),
        })),
      };
    },
  };

  /** Setting credentials of somebody who has no mapping makes it, where both sides are said. */
  async function createMissing(
    reference: Parameters<ReturnType<typeof sso>['mappings']['find']>[0],
    caller: SsoCaller,
  ): Promise<boolean> {
    const { mappings } = sso();
    const { application, windowsAccount, externalUser } = reference;
    try {
      await mappings.find(reference);
      return false;
    } catch (error) {
      if (!isSsoError(error, 10757) || windowsAccount === undefined || externalUser === undefined)
        throw error;
    }
    const request = { application, windowsAccount, externalUser };
    await mappings.create(caller, [request]);
    await mappings.setEnabled(caller, request, true);
    return true;
  }
}

/** What was found, as it leaves: the values in one secret, which is wiped once it is sent. */
function packFound({ externalUser, fields }: FoundCredentials) {
  try {
    return { externalUser, fields: packFields(fields) };
  } finally {
    wipeFields(fields);
  }
}
