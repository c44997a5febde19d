import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Engine } from '#engine/engine.ts';
import { EngineWorld, targetId } from '#test/engine-world.ts';
import { activeDirectoryScene, openLdapScene, type PasswordScene } from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap } = sharedLab();
const [before, during, after] = ['Before-the-shadow-1', 'During-the-shadow-1', 'After-the-shadow-1'] as const;

const scenes = [
  ['Active Directory', activeDirectoryScene(samba)],
  ['OpenLDAP', openLdapScene(openldap)],
] as const;

/** Everything that the directory shows of an object, its operational attributes too, but for its last logon. */
async function stateOf({ admin }: PasswordScene, dn: string): Promise<unknown> {
  const [entry] = await admin.searchEntries({
    base: dn,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['*', '+', 'uSNChanged', 'pwdLastSet', 'badPwdCount', 'msDS-KeyVersionNumber'],
  });
  return JSON.parse(JSON.stringify(entry));
}

describe.each(scenes)('%s', (_, scene) => {
  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  test('shadow mode leaves the object as it is to the last attribute, and live writes', async () => {
    const account = await scene.create(before);
    const world = new EngineWorld({ password: { shadow: true } });
    const [source] = world.connectors;
    if (source === undefined) throw new Error('The world has no source');
    world.connectors.splice(1, 1, { ...account.connector, id: 2, agent: targetId(0), person: 1 });
    const { clock, queue, seal, joins } = world;
    const real = scene.target({ password: { operationTimeout: 60 } });
    await using engine = new Engine({
      clock,
      queue,
      joins,
      seal,
      targets: () => real,
      settings: () => world.configuration,
      events: (event) => world.events.push(event),
    });
    await engine.start();
    world.engine = engine;

    const untouched = await stateOf(scene, account.dn);
    await world.receive(during);
    await expect.poll(() => queue.deliveries.at(-1)?.outcome, { timeout: 30_000 }).toBe('shadowed');
    expect(await stateOf(scene, account.dn)).toEqual(untouched);
    expect(world.numbers).toEqual([6903, 6907, 7018]);

    world.configureTarget({ shadow: false });
    await world.receive(after);
    await expect.poll(() => queue.deliveries.at(-1)?.outcome, { timeout: 30_000 }).toBe('delivered');
    expect(await scene.binds(account.dn, after)).toBe(true);
    expect(await scene.binds(account.dn, during)).toBe(false);
  });
});
