import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { probeLdapBind } from '#lab/bind-probe.ts';
import { passwordChanges } from '#lab/password-changes.ts';
import {
  activeDirectoryDn,
  directoryServer389Dn,
  initialPassword,
  openLdapDn,
  type Person,
  people,
} from '#lab/people.ts';

import type { Hand } from './hand.ts';
import { keyboardHand } from './keyboard-hand.ts';
import { guideNames, guideServer, LabRig } from './lab-rig.ts';
import { mouseHand } from './mouse-hand.ts';

/** How long a change may take from the domain controller to its target, milliseconds. */
const patience = 30_000;

const rig = new LabRig();
let page: Page;

beforeAll(() => rig.start(), 120_000);
beforeEach(async () => {
  await rig.forget();
  page = await rig.open();
});
afterEach(async () => {
  await page.context().close();
  expect(rig.mistakes.splice(0)).toEqual([]);
});
afterAll(() => rig.stop());

/** What the two set-up guides say, with their labels and in their order; they differ in the first step alone. */
const guides: Readonly<Record<string, readonly string[]>> = {
  'ILM and FIM': ['Allow password sync from FIM 2007', 'Allow password sync from FIM'],
  MIIS: ['Allow password sync from MIIS'],
};

const hands: Readonly<Record<string, (page: Page) => Hand>> = {
  'by mouse': mouseHand,
  'by keyboard alone': keyboardHand,
};

async function follow(hand: Hand, boxes: readonly string[]): Promise<void> {
  const { ds389 } = rig.lab;
  // To allow Password Sync.
  for (const box of boxes) {
    await hand.node('Enterprise Single Sign-On', 'Servers');
    await hand.rowMenu(guideServer, 'Properties');
    await hand.tab('Password Sync');
    await hand.tick(box, true);
    await hand.accept();
  }
  // To enable Password Sync on the system level.
  await hand.node('Enterprise Single Sign-On', 'System');
  await hand.nodeMenu('System', 'Properties');
  await hand.tab('Options');
  await hand.tick('From Windows to Adapters', true);
  await hand.accept();
  // To configure the EntSSO MA.
  await hand.node('Identity Manager', 'Management Agents');
  await hand.row(guideNames.second);
  await hand.action('Properties');
  await hand.tab('Configure Extensions');
  await hand.press('Settings');
  await hand.type('Connect To:', new URL(ds389.ldapsUrl).host);
  await hand.accept();
  await hand.accept();
  // Additional configuration steps.
  await hand.menu('Tools', 'Options');
  await hand.tick('Enable Password Synchronization', true);
  await hand.accept();
  await hand.row(guideNames.source);
  await hand.action('Properties');
  await hand.tab('Configure Directory Partitions');
  await hand.tick('Enable this partition as a password synchronization source', true);
  await hand.press('Targets');
  await hand.tick(/^ENTSSOMA2/, true);
  await hand.tick(/^ENTSSOMA(?!2)/, false);
  await hand.accept();
  await hand.accept();
  await hand.row(guideNames.second);
  await hand.action('Properties');
  await hand.tab('Configure Extensions');
  await hand.tick('Enable password management', true);
  await hand.press('Settings');
  await hand.type('Connect To:', new URL(ds389.ldapsUrl).host);
  await hand.type('User:', ds389.serviceDn);
  await hand.type('Password:', ds389.servicePassword);
  await hand.accept();
  await hand.accept();
}

async function changePassword(person: Person, newPassword: string): Promise<void> {
  const { samba } = rig.lab;
  const dn = activeDirectoryDn(person, samba.baseDn);
  await passwordChanges['admin-reset'](samba, {
    account: person.account,
    dn,
    oldPassword: initialPassword(person),
    newPassword,
  });
}

/** Password of a person in the directory of `ENTSSOMA2`, the chosen target, and in that of `ENTSSOMA`. */
const bindsToSecond = (person: Person, password: string): Promise<boolean> =>
  probeLdapBind(rig.lab.ds389, directoryServer389Dn(person, rig.lab.ds389.peopleDn), password);
const bindsToFirst = (person: Person, password: string): Promise<boolean> =>
  probeLdapBind(rig.lab.openldap, openLdapDn(person, rig.lab.openldap.peopleDn), password);

function personAt(index: number): Person {
  const person = people[index];
  if (person === undefined) throw new Error('The lab has too few people');
  return person;
}

const walks = Object.keys(hands).flatMap((hand) => Object.keys(guides).map((guide) => ({ hand, guide })));

test.each(walks)(
  'the guide of $guide is followed $hand, and passwords flow as it says',
  async (walk) => {
    const hand = hands[walk.hand]?.(page);
    const boxes = guides[walk.guide];
    if (hand === undefined || boxes === undefined) throw new Error('No such walk');
    const person = personAt(40 + walks.indexOf(walk) * 2);
    const unlucky = personAt(41 + walks.indexOf(walk) * 2);
    await follow(hand, boxes);

    await rig.restartEngine();
    await page.getByText(/^Connected to/).waitFor();
    await changePassword(person, 'Fig-Orchard-1!');
    await expect.poll(() => bindsToSecond(person, 'Fig-Orchard-1!'), { timeout: patience }).toBe(true);
    expect(await bindsToFirst(person, initialPassword(person))).toBe(true);

    await hand.menu('Tools', 'Options');
    await hand.tick('Enable Password Synchronization', false);
    await hand.accept();
    await changePassword(unlucky, 'Fig-Orchard-2!');
    await expect
      .poll(() => rig.client.call('changes.list', { account: unlucky.account }), { timeout: patience })
      .toMatchObject([{ refusal: { event: expect.any(Number) } }]);
    expect(await bindsToSecond(unlucky, initialPassword(unlucky))).toBe(true);
  },
  120_000,
);
