import type { SambaDomain } from '#lab/samba-domain.ts';

/** A management agent that asks a domain as its administrator: enough to know who is in which group. */
export function administeredDomain({ ldapsUrl, caFile, adminUser, realm, baseDn }: SambaDomain) {
  return {
    id: 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01',
    name: 'ADMA',
    kind: 'active-directory',
    connection: {
      url: ldapsUrl,
      caFile,
      authentication: { method: 'simple', user: `${adminUser}@${realm.toLowerCase()}` },
    },
    partitions: [{ dn: baseDn }],
  };
}
