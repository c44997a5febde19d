import { readAdapterXml, readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import type { ssoBulkContract } from '#shared/contract/sso-bulk.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Sso } from '#sso/create-sso.ts';

import { ssoCallerOf } from './sso.ts';

export function createSsoBulkHandlers(sso: () => Sso): Handlers<typeof ssoBulkContract> {
  return {
    'sso.createMappings': async ({ mappings, enable, check }, call) => {
      const caller = ssoCallerOf(call);
      if (check) {
        await sso().mappings.plan(caller, mappings);
        return [];
      }
      const made = await sso().mappings.create(caller, mappings);
      if (!enable) return [...made];
      for (const mapping of made) await sso().mappings.setEnabled(caller, mapping, true);
      return made.map((mapping) => ({ ...mapping, enabled: true }));
    },
    'sso.deleteMappings': async ({ mappings, check }, call) => {
      const caller = ssoCallerOf(call);
      if (!check) return { deleted: await sso().mappings.delete(caller, mappings) };
      await sso().mappings.requireDeletable(caller, mappings);
      return { deleted: 0 };
    },
    'sso.makeMappings': async (bulk, call) => {
      const { password } = bulk;
      using _ = password?.rule === 'fixed' ? password.password : undefined;
      return [...(await sso().makeMappings(ssoCallerOf(call), bulk, call.signal))];
    },
    'sso.readMappingFile': ({ file, text }, call) => {
      ssoCallerOf(call);
      return readSsoXml(text, file).mappings.map((mapping) => ({ ...mapping }));
    },
    'sso.readDefinitionFile': ({ kind, file, text }, call) => {
      ssoCallerOf(call);
      const { definitions } = kind === 'adapters' ? readAdapterXml(text, file) : readSsoXml(text, file);
      return { definitions: definitions.map(({ name, values }) => ({ name, values: toJson(values) })) };
    },
  };
}

type Json = ReturnType<typeof JSON.parse>;

function toJson(values: Readonly<Record<string, unknown>>): Record<string, Json> {
  return JSON.parse(JSON.stringify(values));
}
