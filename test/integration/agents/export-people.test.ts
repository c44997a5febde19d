import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { applyLdif } from '#lab/ldif.ts';
import { administratorBind } from '#lab/samba-domain.ts';
import { type Agent, directoryAgentSchema } from '#shared/model/agent.ts';
import {
  activeDirectoryAgent,
  type LabAgent,
  ldapAgent,
  sourcesOf,
  targetsOf,
} from '#test/directory-agents.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();

interface Site {
  readonly name: string;
  readonly base: string;
  readonly naming: 'CN' | 'uid';
  readonly objectClasses: readonly string[];
  readonly agent: () => LabAgent;
  readonly apply: (ldif: string) => Promise<void>;
}

const person = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'];
const sites: readonly Site[] = [
  {
    name: 'Active Directory',
    base: `OU=Export,${samba.baseDn}`,
    naming: 'CN',
    objectClasses: ['top', 'person', 'organizationalPerson', 'user'],
    agent: () => activeDirectoryAgent(samba, { include: [`OU=Export,${samba.baseDn}`] }),
    apply: (ldif) => applyLdif(samba.ldapsUrl, ldif, administratorBind(samba)),
  },
  {
    name: 'OpenLDAP',
    base: `ou=Export,${openldap.suffix}`,
    naming: 'uid',
    objectClasses: person,
    agent: () =>
      ldapAgent(openldap, 'openldap', {
        include: [`ou=Export,${openldap.suffix}`],
        user: openldap.adminDn,
        password: openldap.adminPassword,
      }),
    apply: (ldif) => applyLdif(openldap.ldapiUrl, ldif),
  },
  {
    name: '389 Directory Server',
    base: `ou=Export,${ds389.suffix}`,
    naming: 'uid',
    objectClasses: person,
    agent: () =>
      ldapAgent(ds389, 'sun', {
        include: [`ou=Export,${ds389.suffix}`],
        user: ds389.adminDn,
        password: ds389.adminPassword,
      }),
    apply: (ldif) => applyLdif(ds389.ldapiUrl, ldif),
  },
];

describe.each(sites)('$name', ({ base, naming, objectClasses, agent: makeAgent, apply }) => {
  let world: IdentityWorld;
  let target: Agent;
  const source = draftAgent({
    name: 'hr',
    project: true,
    flow: ['id=employeeId', 'name=displayName', 'mail=mail', 'title=title'],
  });

  beforeAll(() => apply(`dn: ${base}\nchangetype: add\nobjectClass: organizationalUnit\n`));
  afterEach(() => world.close());

  /** A person per id in HR, and the target with provisioning for all but those who left. */
  function arrange(): void {
    const { agent, password } = makeAgent();
    const lab = {
      agent: directoryAgentSchema.parse({
        ...agent,
        project: false,
        join: [],
        flow: [],
        exportFlow: [
          { person: 'mail', connector: 'mail' },
          { person: 'displayName', connector: 'displayName' },
          { expression: 'object.displayName.split(" ")[1]', connector: 'sn' },
          { person: 'title', connector: 'title', allowNull: true },
          naming === 'CN'
            ? { expression: '"x" + object.employeeId', connector: 'sAMAccountName' }
            : { person: 'displayName', connector: 'cn' },
          ...(naming === 'uid' ? [{ person: 'employeeId', connector: 'uid' }] : []),
        ],
        provision: {
          when: '!has(object.title) || object.title != "left"',
          dn: `"${naming}=" + object.employeeId + ",${base}"`,
          objectClasses,
        },
        deprovision: 'delete',
        runProfiles: (['export', 'full-import-delta-sync'] as const).map((type) => ({
          name: type,
          steps: [{ type }],
        })),
      }),
      password,
    };
    target = lab.agent;
    const reading = sourcesOf([lab]);
    const writing = targetsOf([lab]);
    world = new IdentityWorld(
      [source, target],
      (one) => (one.id === target.id ? reading(one) : world.directory(one)),
      undefined,
      (one) => writing(one),
    );
  }

  async function flowOut(people: Readonly<Record<string, Record<string, readonly string[]>>>): Promise<void> {
    const directory = world.directory(source);
    for (const [id, attributes] of Object.entries(people))
      directory.set(id, `CN=${id},DC=hr`, { id: [id], ...attributes });
    await world.run(source, 'full-import-full-sync');
    const written = await world.run(target, 'export');
    expect({ result: written.result, errors: world.runs.errorsOf(written.run, 5) }).toEqual({
      result: 'success',
      errors: [],
    });
    await world.run(target, 'full-import-delta-sync');
  }

  test('people are made, changed, and deleted, and the directory shows each', async () => {
    arrange();
    const kim = { name: ['Kim Aker, III'], mail: ['kim@fabrikam.lab'], title: ['Clerk'] };
    const lee = { name: ['Lee Ødegård'], mail: ['lee@fabrikam.lab'] };
    await flowOut({ e1: kim, e2: lee });
    expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
    const made = world.connectors.findByDn(target.id, `${naming}=e1,${base}`);
    expect(made).toMatchObject({
      link: 'provisioning',
      attributes: { mail: ['kim@fabrikam.lab'], displayName: ['Kim Aker, III'], title: ['Clerk'] },
    });

    await flowOut({ e1: { name: kim.name, mail: ['kim.aker@fabrikam.lab'] } });
    const changed = world.connectors.findByDn(target.id, `${naming}=e1,${base}`);
    expect(changed?.attributes).toMatchObject({ mail: ['kim.aker@fabrikam.lab'] });
    expect(changed?.attributes).not.toHaveProperty('title');

    await flowOut({ e1: { ...kim, id: ['e3'], mail: ['kim.aker@fabrikam.lab'] } });
    const renamed = world.connectors.findByDn(target.id, `${naming}=e3,${base}`);
    expect(renamed).toMatchObject({ anchor: changed?.anchor, attributes: { title: ['Clerk'] } });
    expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });

    await flowOut({ e1: { ...kim, id: ['e3'], title: ['left'] } });
    expect(world.connectors.findByDn(target.id, `${naming}=e3,${base}`)).toBeUndefined();
    expect(world.connectors.findByDn(target.id, `${naming}=e2,${base}`)).toBeDefined();
  });

  test('what the directory refuses has its word, and the others go on', async () => {
    arrange();
    const directory = world.directory(source);
    directory.set('e7', 'CN=e7,DC=hr', { id: ['e7'], name: ['Ann Berg'] });
    directory.set('e8', 'CN=e8,DC=hr', { id: ['e8,ou=nowhere'], name: ['Bo Dahl'] });
    await world.run(source, 'full-import-full-sync');
    const { result, run } = await world.run(target, 'export');
    expect(result).toBe('completed-export-errors');
    expect(world.runs.errorsOf(run, 5)).toMatchObject([{ word: 'non-existent-parent' }]);
    expect(world.exports.counts(target.id)).toMatchObject({ add: 2 });
  });
});
