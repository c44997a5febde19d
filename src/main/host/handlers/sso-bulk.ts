import { readAdapterXml, readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import type { ssoBulkContract } from '#shared/contract/sso-bulk.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Sso } from '#sso/create-sso.ts';

import { ssoCallerOf } from './sso.ts';

export function createSsoBulkHandlers(sso: () => Sso): Handlers<typeof ssoBulkContract> {
  return {
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
