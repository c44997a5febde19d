import { expect, test } from 'vitest';

import { schemaSourceOf } from '#agents/schema-source-of.ts';
import { applyLdif } from '#lab/ldif.ts';
import { administratorBind, runSambaTool } from '#lab/samba-domain.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { activeDirectoryAgent, type LabAgent, ldapAgent, sourcesOf } from '#test/directory-agents.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();

function probe(member: LabAgent) {
  return sourcesOf([member])(member.agent).testConnection(new AbortController().signal);
}

function change(member: LabAgent, connection: Partial<DirectoryAgent['connection']>): LabAgent {
  return { ...member, agent: { ...member.agent, connection: { ...member.agent.connection, ...connection } } };
}

function enabled(member: LabAgent): LabAgent {
  return { ...member, agent: { ...member.agent, password: { ...member.agent.password, enabled: true } } };
}

const all = ['resolve', 'connect', 'tls', 'bind', 'base', 'read', 'password-rights'];

test.each([
  ['Active Directory', activeDirectoryAgent(samba), /may reset the password of CN=/],
  ['OpenLDAP', ldapAgent(openldap, 'openldap'), /the first delivery will/],
  ['389 Directory Server', ldapAgent(ds389, 'sun'), /may write userPassword of cn=/],
] as const)('%s passes every step', async (_name, member, rights) => {
  const steps = await probe(enabled(member));
  expect(steps.map(({ name }) => name)).toEqual(all);
  expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(steps.at(-1)?.detail).toMatch(rights);
});

test.each([
  ['Active Directory', activeDirectoryAgent(samba), 'user', 'sAMAccountName', /CN=Users,/],
  ['OpenLDAP', ldapAgent(openldap, 'openldap'), 'inetOrgPerson', 'uid', /ou=/i],
  ['389 Directory Server', ldapAgent(ds389, 'sun'), 'inetOrgPerson', 'uid', /ou=/i],
] as const)(
  '%s tells its types, attributes, partitions and containers',
  async (_name, member, type, account, container) => {
    const { agent, password } = member;
    const credentials = async () => SecretBytes.copy(new TextEncoder().encode(password));
    const source = schemaSourceOf(agent, { credentials });
    const signal = AbortSignal.timeout(30_000);
    const { objectTypes, attributes } = await source.readSchema([], signal);
    expect(objectTypes).toContain(type);
    expect(attributes.find(({ name }) => name === account)).toBeDefined();
    expect(attributes.find(({ name }) => name === 'sn')).toMatchObject({ anchor: false, binary: false });
    expect(attributes.filter(({ anchor }) => anchor)).toHaveLength(1);
    const group = await source.readSchema([agent.kind === 'ldap' ? 'groupOfNames' : 'group'], signal);
    expect(group.attributes.find(({ name }) => name === 'member')).toMatchObject({ multivalued: true });
    const [partition] = agent.partitions;
    const partitions = await source.readPartitions(signal);
    expect(partitions.map(({ dn }) => dn.toLowerCase())).toContain(partition?.dn.toLowerCase());
    const containers = await source.readContainers(partition?.dn ?? '', signal);
    expect(containers.some(({ dn }) => container.test(dn))).toBe(true);
  },
);

test('password rights are not asked for where the agent sets none', async () => {
  expect((await probe(ldapAgent(openldap, 'openldap'))).map(({ name }) => name)).toEqual(all.slice(0, -1));
});

test.each([
  ['resolve', change(ldapAgent(openldap, 'openldap'), { url: 'ldaps://nowhere.ldap.lab' }), /has no address/],
  [
    'connect',
    change(ldapAgent(openldap, 'openldap'), { url: 'ldaps://ldap1.ldap.lab:9' }),
    /cannot be reached/,
  ],
  ['tls', change(ldapAgent(openldap, 'openldap'), { caFile: samba.caFile }), /protected connection/],
  ['tls', change(ldapAgent(openldap, 'openldap'), { serverName: 'other.ldap.lab' }), /protected connection/],
  ['bind', ldapAgent(openldap, 'openldap', { password: 'wrong' }), /password is wrong/],
  ['base', ldapAgent(openldap, 'openldap', { dn: 'ou=nowhere,dc=ldap,dc=lab' }), /does not exist/],
  ['read', ldapAgent(openldap, 'openldap', { filter: '(uid=nobody-at-all)' }), /No object/],
] as const)('a fault at %s ends the test there, with a fix', async (name, member, detail) => {
  const steps = await probe(member);
  expect(steps.at(-1)).toMatchObject({ name, ok: false });
  expect(steps.at(-1)?.detail).toMatch(detail);
  expect(steps.at(-1)?.fix).toMatch(/\.$/);
  expect(steps.slice(0, -1).filter(({ ok }) => !ok)).toEqual([]);
});

test('an account without the right to reset passwords is told apart from one that was delegated it', async () => {
  const user = `import-helper@${samba.realm}`;
  const password = 'Helper-Lab-1!';
  const unit = `OU=Delegated,${samba.baseDn}`;
  const unicodePwd = Buffer.from(`"${password}"`, 'utf16le').toString('base64');
  const helper = `dn: CN=import-helper,CN=Users,${samba.baseDn}\nchangetype: add\nobjectClass: user\nsAMAccountName: import-helper\nuserAccountControl: 512\nunicodePwd:: ${unicodePwd}\n\n`;
  const container = `dn: ${unit}\nchangetype: add\nobjectClass: organizationalUnit\n\n`;
  const ward = `dn: CN=ward,${unit}\nchangetype: add\nobjectClass: user\nsAMAccountName: ward\nuserAccountControl: 514\n\n`;
  await applyLdif(samba.ldapsUrl, helper + container + ward, administratorBind(samba));
  const member = enabled(
    activeDirectoryAgent(samba, { user, password, include: [unit], filter: '(sAMAccountName=ward)' }),
  );
  expect((await probe(member)).at(-1)).toMatchObject({ name: 'password-rights', ok: false });
  const { stdout } = await runSambaTool(samba, ['user', 'show', 'import-helper', '--attributes=objectSid']);
  const sid = /S-1-[\d-]+/.exec(stdout)?.[0];
  // Reset password on users below the unit, as the delegation wizard writes it.
  const ace = `(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;bf967aba-0de6-11d0-a285-00aa003049e2;${sid})`;
  await runSambaTool(samba, ['dsacl', 'set', `--objectdn=${unit}`, `--sddl=${ace}`]);
  expect((await probe(member)).at(-1)).toMatchObject({ name: 'password-rights', ok: true });
});

test('an account that may not write userPassword is told so', async () => {
  const dn = `uid=import-reader,ou=services,${ds389.suffix}`;
  await applyLdif(
    ds389.ldapiUrl,
    `dn: ${dn}\nchangetype: add\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: import-reader\nuserPassword: Reader-Lab-1!\n\ndn: ${ds389.suffix}\nchangetype: modify\nadd: aci\naci: (targetattr!="userPassword")(version 3.0; acl "Reader"; allow (read, search, compare) userdn="ldap:///${dn}";)\n\n`,
  );
  const steps = await probe(enabled(ldapAgent(ds389, 'sun', { user: dn, password: 'Reader-Lab-1!' })));
  expect(steps.at(-1)).toMatchObject({ name: 'password-rights', ok: false });
});
