export const draftIds = {
  directory: '11111111-1111-4111-8111-111111111111',
  target: '22222222-2222-4222-8222-222222222222',
  stranger: '99999999-9999-4999-8999-999999999999',
};

type Json = Record<string, unknown>;

/** A correct configuration, with places replaced by dotted path. */
export function draftConfiguration(changes: Record<string, unknown> = {}): string {
  const base: Json = {
    version: 1,
    agents: [
      {
        id: draftIds.directory,
        name: 'Directory',
        kind: 'active-directory',
        connection: {
          url: 'ldaps://dc1.fabrikam.lab',
          authentication: { method: 'simple', user: 'svc@fabrikam.lab' },
        },
        partitions: [
          {
            dn: 'DC=fabrikam,DC=lab',
            passwordSource: { enabled: true, domain: 'FABRIKAM', targets: [draftIds.target] },
          },
        ],
        project: true,
        runProfiles: [{ name: 'Full', steps: [{ type: 'full-import-full-sync' }] }],
      },
      {
        id: draftIds.target,
        name: 'Target',
        kind: 'ldap',
        profile: 'openldap',
        connection: {
          url: 'ldaps://ldap.fabrikam.lab',
          authentication: { method: 'simple', user: 'cn=admin,dc=fabrikam' },
        },
        partitions: [{ dn: 'dc=fabrikam' }],
        join: [{ mappings: [{ connector: 'uid', person: 'accountName' }] }],
        password: { enabled: true },
      },
    ],
  };
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((at, key) => {
      at[key] ??= {};
      return at[key] as Json;
    }, base);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return JSON.stringify(base, null, 2);
}
