import type { Hand } from './hand.ts';
import { guideAccount, guideNames, guideServer } from './lab-rig.ts';

/** The boxes that the set-up guides tick, of ILM and FIM first, then of MIIS; all else that they say is the same. */
const boxes = [
  'Allow password sync from FIM 2007',
  'Allow password sync from FIM',
  'Allow password sync from MIIS',
] as const;

/** Every step of the guides, with their labels and in their order. */
export async function followGuides(hand: Hand): Promise<void> {
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
  await hand.type('Connect To:', guideServer);
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
  await hand.type('Connect To:', guideServer);
  await hand.type('User:', guideAccount.name);
  await hand.type('Password:', guideAccount.password);
  await hand.accept();
  await hand.accept();
}
