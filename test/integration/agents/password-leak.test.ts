import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { canaryNeedles } from '#test/canary.ts';
import { activeDirectoryAgent, ldapAgent } from '#test/directory-agents.ts';
import { activeDirectoryScene, ds389Scene, openLdapScene } from '#test/password-scene.ts';
import type { VictimOrder } from '#test/password-victim.ts';
import { scanMemory } from '#test/scan-memory.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();
const victim = fileURLToPath(new URL('../../helpers/password-victim.ts', import.meta.url));
const places = [
  { scene: activeDirectoryScene(samba), member: activeDirectoryAgent(samba), rounds: 4 },
  { scene: openLdapScene(openldap), member: ldapAgent(openldap, 'openldap'), rounds: 20 },
  { scene: ds389Scene(ds389), member: ldapAgent(ds389, 'sun'), rounds: 10 },
];

beforeAll(() => Promise.all(places.map(({ scene }) => scene.open())));
afterAll(() => Promise.all(places.map(({ scene }) => scene.close())));

test('no password is left in memory after sets, proofs, changes and failures on three servers', async () => {
  const servers = await Promise.all(
    places.map(async ({ scene, member, rounds }) => {
      const create = async () => (await scene.create('Before-the-set-1')).connector;
      const [late, ...connectors] = await Promise.all([create(), create(), create(), create()]);
      return { ...member, rounds, connectors, late };
    }),
  );
  const order: VictimOrder = { servers };
  const child = spawn(process.execPath, [victim, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit'),
    ])) as [string | number | null];
    expect(said).toMatch(/^done after 306 passwords/);
    expect(scanMemory(child.pid ?? 0, canaryNeedles())).toBe(0);
    child.stdin.end();
    await once(child, 'close');
  } finally {
    child.kill('SIGKILL');
  }
}, 300_000);
