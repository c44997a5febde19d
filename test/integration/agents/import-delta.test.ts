import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { applyLdif } from '#lab/ldif.ts';
import { administratorBind } from '#lab/samba-domain.ts';
import { activeDirectoryAgent, type LabAgent, ldapAgent, sourcesOf } from '#test/directory-agents.ts';
import { IdentityWorld } from '#test/identity-world.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();

interface Site {
  readonly name: string;
  readonly base: string;
  readonly naming: 'CN' | 'uid';
  readonly number: string;
  readonly agent: (settings: {
    include: string[];
    exclude: string[];
    filter?: string;
    pageSize: number;
  }) => LabAgent;
  readonly apply: (ldif: string) => Promise<void>;
}

const sites: readonly Site[] = [
  {
    name: 'Active Directory',
    base: `OU=Delta,${samba.baseDn}`,
    naming: 'CN',
    number: 'employeeID',
    agent: (settings) => activeDirectoryAgent(samba, settings),
    apply: (ldif) => applyLdif(samba.ldapsUrl, ldif, administratorBind(samba)),
  },
  {
    name: 'OpenLDAP',
    base: `ou=Delta,${openldap.suffix}`,
    naming: 'uid',
    number: 'employeeNumber',
    agent: (settings) => ldapAgent(openldap, 'openldap', settings),
    apply: (ldif) => applyLdif(openldap.ldapiUrl, ldif),
  },
  {
    name: '389 Directory Server',
    base: `ou=Delta,${ds389.suffix}`,
    naming: 'uid',
    number: 'employeeNumber',
    agent: (settings) => ldapAgent(ds389, 'sun', settings),
    apply: (ldif) => applyLdif(ds389.ldapiUrl, ldif),
  },
  {
    name: 'OpenLDAP by time stamps',
    base: `ou=Stamps,${openldap.suffix}`,
    naming: 'uid',
    number: 'employeeNumber',
    agent: (settings) => ldapAgent(openldap, 'generic', settings),
    apply: (ldif) => applyLdif(openldap.ldapiUrl, ldif),
  },
];

describe.each(sites)('$name', ({ name, base, naming, number, agent: makeAgent, apply }) => {
  const tellsDeletions = !name.endsWith('time stamps');
  const people = naming === 'CN' ? '(sAMAccountType=805306368)' : '(objectClass=person)';
  const filter = `(&${people}(!(description=left)))`;
  const member = makeAgent({ include: [base], exclude: [`ou=Out,${base}`], filter, pageSize: 3 });
  const { agent } = member;
  const world = new IdentityWorld([agent], sourcesOf([member]));

  const dnOf = (account: string, unit: string) => `${naming}=${account},ou=${unit},${base}`;
  const unit = (dn: string) => `dn: ${dn}\nchangetype: add\nobjectClass: organizationalUnit\n\n`;
  const user = (account: string, place: string, badge: string) =>
    naming === 'CN'
      ? `dn: ${dnOf(account, place)}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${account}\n${number}: ${badge}\nuserAccountControl: 514\n\n`
      : `dn: ${dnOf(account, place)}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: ${account}\nsn: ${account}\n${number}: ${badge}\n\n`;
  const rename = (dn: string, rdn: string, parent?: string) =>
    `dn: ${dn}\nchangetype: modrdn\nnewrdn: ${rdn}\ndeleteoldrdn: 1\n${parent === undefined ? '' : `newsuperior: ${parent}\n`}\n`;
  const find = (account: string) =>
    world
      .objectsOf(agent.id)
      .find(({ dn }) => dn.toLowerCase().startsWith(`${naming.toLowerCase()}=${account},`));
  const delta = async () => {
    const run = await world.run(agent, 'delta-import-delta-sync');
    expect(run.steps[0]?.detail ?? '').not.toMatch(/refuse|fail/);
    return run.steps[0]?.statistics.staging;
  };

  beforeAll(async () => {
    const units = ['', 'ou=One,', 'ou=Two,', 'ou=Out,', 'ou=Inner,ou=One,'].map((rdn) =>
      unit(`${rdn}${base}`),
    );
    const users = Array.from({ length: 8 }, (_, index) => user(`delta${index}`, 'One', `9${index}`));
    await apply([...units, ...users, user('deep', 'Inner,ou=One', '80'), user('away', 'Out', '81')].join(''));
    const run = await world.run(agent, 'full-import-delta-sync');
    expect(run).toMatchObject({ result: 'success', errors: 0 });
    expect(run.steps[0]?.statistics.staging).toMatchObject({ adds: 9, filtered: 1 });
  });
  afterAll(() => world.close());

  test('a new user is added', async () => {
    await apply(user('fresh', 'Two', '70'));
    expect(await delta()).toMatchObject({ adds: 1, updates: 0 });
    expect(find('fresh')?.attributes[number]).toEqual(['70']);
  });

  test('a changed attribute is updated', async () => {
    await apply(`dn: ${dnOf('delta0', 'One')}\nchangetype: modify\nreplace: ${number}\n${number}: 55\n\n`);
    expect(await delta()).toMatchObject({ updates: 1 });
    expect(find('delta0')?.attributes[number]).toEqual(['55']);
  });

  test('an attribute that is taken away is gone', async () => {
    await apply(`dn: ${dnOf('delta0', 'One')}\nchangetype: modify\ndelete: ${number}\n\n`);
    await delta();
    expect(find('delta0')?.attributes[number]).toBeUndefined();
  });

  test('a renamed user keeps its connector under the new name', async () => {
    const before = find('delta1')?.id;
    await apply(rename(dnOf('delta1', 'One'), `${naming}=renamed1`));
    expect(await delta()).toMatchObject({ renames: 1, adds: 0, deletes: 0 });
    expect(find('renamed1')?.id).toBe(before);
  });

  test('a moved user keeps its connector in the new place', async () => {
    const before = find('delta2')?.id;
    await apply(rename(dnOf('delta2', 'One'), `${naming}=delta2`, `ou=Two,${base}`));
    expect(await delta()).toMatchObject({ renames: 1 });
    expect(find('delta2')).toMatchObject({ id: before, dn: expect.stringMatching(/two/i) });
  });

  test('a user that moves out of the containers is deleted, and added when it comes back', async () => {
    await apply(rename(dnOf('delta3', 'One'), `${naming}=delta3`, `ou=Out,${base}`));
    expect(await delta()).toMatchObject({ deletes: 1 });
    expect(find('delta3')).toBeUndefined();
    await apply(rename(dnOf('delta3', 'Out'), `${naming}=delta3`, `ou=One,${base}`));
    expect(await delta()).toMatchObject({ adds: 1 });
    expect(find('delta3')).toBeDefined();
  });

  test('the users below a renamed container follow it', async () => {
    const before = find('deep')?.id;
    await apply(rename(`ou=Inner,ou=One,${base}`, 'ou=Renamed'));
    expect(await delta()).toMatchObject({ renames: 1, adds: 0 });
    expect(find('deep')).toMatchObject({ id: before, dn: expect.stringMatching(/ou=renamed,/i) });
  });

  test('the users below a container that moves out of scope are deleted', async () => {
    await apply(rename(`ou=Renamed,ou=One,${base}`, 'ou=Renamed', `ou=Out,${base}`));
    expect(await delta()).toMatchObject({ deletes: 1 });
    expect(find('deep')).toBeUndefined();
  });

  test.runIf(tellsDeletions)(
    'a user who leaves the filter is deleted, and added when it matches again',
    async () => {
      const mark = (change: string) => `dn: ${dnOf('delta7', 'One')}\nchangetype: modify\n${change}\n\n`;
      await apply(mark('add: description\ndescription: left'));
      expect(await delta()).toMatchObject({ deletes: 1 });
      expect(find('delta7')).toBeUndefined();
      await apply(mark('delete: description'));
      expect(await delta()).toMatchObject({ adds: 1 });
    },
  );

  test.runIf(tellsDeletions)('a deleted user is deleted', async () => {
    await apply(`dn: ${dnOf('delta4', 'One')}\nchangetype: delete\n\n`);
    expect(await delta()).toMatchObject({ deletes: 1, adds: 0 });
    expect(find('delta4')).toBeUndefined();
  });

  test.runIf(!tellsDeletions)('a deletion shows at the next full import, and the run says so', async () => {
    await apply(`dn: ${dnOf('delta4', 'One')}\nchangetype: delete\n\n`);
    const run = await world.run(agent, 'delta-import-delta-sync');
    expect(run.steps[0]).toMatchObject({ detail: expect.stringMatching(/no deletions/) });
    expect(find('delta4')).toBeDefined();
    const full = await world.run(agent, 'full-import-delta-sync');
    expect(full.steps[0]?.statistics.staging).toMatchObject({ deletes: 1 });
    expect(find('delta4')).toBeUndefined();
  });

  test.runIf(tellsDeletions)('a user that is deleted and made again is another object', async () => {
    const before = find('delta5')?.id;
    await apply(`dn: ${dnOf('delta5', 'One')}\nchangetype: delete\n\n${user('delta5', 'One', '95')}`);
    expect(await delta()).toMatchObject({ deletes: 1, adds: 1 });
    expect(find('delta5')?.id).not.toBe(before);
  });

  test('a change between the start of a full import and its end is not lost', async () => {
    const changing = apply(
      `dn: ${dnOf('delta6', 'One')}\nchangetype: modify\nreplace: ${number}\n${number}: 66\n\n`,
    );
    await world.run(agent, 'full-import-delta-sync');
    await changing;
    await delta();
    expect(find('delta6')?.attributes[number]).toEqual(['66']);
  });

  test('a watermark that the server does not know asks for a full import', async () => {
    await world.database.commit(() =>
      world.connectors.setWatermark(agent.id, agent.partitions[0]?.dn ?? '', 'nonsense'),
    );
    const run = await world.run(agent, 'delta-import-delta-sync');
    expect(run.result).toBe('no-start-full-import-required');
    expect(run.steps[0]?.detail).toMatch(/Run a full import/);
    expect((await world.run(agent, 'full-import-delta-sync')).result).toBe('success');
    expect((await world.run(agent, 'delta-import-delta-sync')).result).not.toMatch(/^no-start/);
  });
});
