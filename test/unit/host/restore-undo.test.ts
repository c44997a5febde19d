import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { formatSnapshot, hashBody, type SnapshotBody, takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { createSnapshotHandlers } from '#host/handlers/snapshots.ts';
import { ConfigurationJournal } from '#host/snapshots/configuration-journal.ts';
import { RestoreDesk } from '#host/snapshots/restore-desk.ts';
import { SectionDesk } from '#host/snapshots/section-desk.ts';
import { type SectionChoice, SnapshotDesk } from '#host/snapshots/snapshot-desk.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { ConfigurationHistory } from '#store/configuration-history.ts';
import { arbitraryConfiguration } from '#test/arbitrary-configuration.ts';
import { arbitraryInstallation } from '#test/arbitrary-installation.ts';
import { arbitrarySections } from '#test/arbitrary-sections.ts';
import { openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

const origin = { product: '1', host: 'h', madeAt: '2026-03-01T12:00:00.000Z', madeBy: 'me', revision: '' };
const call = { caller: 'tester' } as never;
/** Keytabs would have to lie on this computer. */
const withoutKeytabs = arbitraryInstallation.map(
  ({ channel: _, remote: _remote, ...rest }): Configuration => rest,
);
const nothing: JsonObject = { applications: [], adapters: [], filters: [] };

/** Everything that a restore goes through, without a service around it. */
function openDesks({ ports, database }: SsoWorld, directory: string) {
  const path = join(directory, 'carillon.json');
  writeFileSync(path, '{ "version": 1 }\n');
  const file = ConfigurationFile.open(path);
  const history = new ConfigurationHistory(database);
  const sections = new SectionDesk({
    database: ports.database,
    audit: ports.audit,
    changed: () => undefined,
  });
  let looked = 0;
  const read = (choice: SectionChoice) => {
    looked += 1;
    return sections.read(choice);
  };
  const now = () => 1;
  const secrets = async () => ({});
  const failures: unknown[] = [];
  const journal = new ConfigurationJournal({
    file,
    history,
    secrets,
    sections: read,
    now,
    changed: () => undefined,
    report: (error) => failures.push(error),
  });
  const desk = new SnapshotDesk({
    file,
    history,
    secrets,
    sections: read,
    checkSections: (target, current) => sections.check(target, current),
    now,
  });
  const restoreDesk = new RestoreDesk({ file, journal, sections });
  const handlers = createSnapshotHandlers({
    file,
    history,
    desk,
    journal: () => journal,
    restoreDesk: () => restoreDesk,
  });
  const restore = async (configuration: Configuration, kept: JsonObject) => {
    const { mappings: _, ...definitions } = kept;
    const { body: taken } = takeSnapshot({ configuration, secrets: {} }, origin);
    const body: SnapshotBody = { ...taken, sections: kept };
    const text = formatSnapshot({ body, sha256: hashBody(body), origin });
    const source = { kind: 'text', name: 'earlier.json', text } as const;
    const plan = await handlers['snapshots.plan']({ source, parts: undefined }, call);
    expect(plan.mistakes.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (plan.steps.length === 0) return false;
    await handlers['snapshots.restore']({ source, parts: undefined, revision: plan.revision }, call);
    return Object.keys(definitions).length > 0;
  };
  const state = async () => ({
    text: readFileSync(path, 'utf8'),
    sections: canonicalText(await sections.read({ mappings: true })),
  });
  return {
    history,
    journal,
    sections,
    restore,
    undo: () => handlers['snapshots.undo']({}, call),
    state,
    failures,
    looks: () => looked,
  };
}

async function withDesks(work: (desks: ReturnType<typeof openDesks>, world: SsoWorld) => Promise<void>) {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-undo-'));
  try {
    await using world = await openSsoWorld();
    await work(openDesks(world, directory), world);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test(
  'an undo brings back exactly what a restore changed: settings, definitions and mappings',
  () =>
    withDesks(async ({ restore, undo, state, journal, failures }) => {
      await journal.start();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.oneof(arbitraryConfiguration, withoutKeytabs), arbitrarySections), {
            minLength: 1,
            maxLength: 2,
          }),
          async (moments) => {
            for (const [configuration, sections] of moments) {
              const before = await state();
              if (!(await restore(configuration, sections))) continue;
              await undo();
              expect(await state()).toEqual(before);
              await expect(undo()).rejects.toMatchObject({ code: 'conflict' });
              await restore(configuration, sections);
            }
          },
        ),
        { numRuns: 6 },
      );
      expect(failures).toEqual([]);
    }),
  600_000,
);

test('a restore and its undo are a moment each, and neither shows mappings as changed by itself', () =>
  withDesks(async ({ restore, undo, journal, history, sections }, { ports }) => {
    await journal.start();
    const [configuration] = fc.sample(arbitraryConfiguration, { numRuns: 1, seed: 7 });
    if (configuration === undefined) throw new Error('A configuration');
    await restore({ ...configuration, logLevel: 3 }, nothing);
    await undo();
    const kinds = () => history.list(10).map(({ kind }) => kind);
    expect(kinds()).toEqual(['undo', 'snapshot', 'restore', 'snapshot', 'start']);
    await ports.database.applications.insert([]);
    await journal.sectionsChanged('somebody');
    expect(kinds()).toHaveLength(5);
    expect(await sections.read({ mappings: true })).toMatchObject({ mappings: [] });
  }));

test('a restore that the end of the service cut short is named at the next start, and undone', () =>
  withDesks(async ({ journal, history, undo, state }, { ports }) => {
    await ports.database.filters.insert([ssoPasswordFilterSchema.parse({ name: 'Old' })]);
    await journal.start();
    const before = await state();
    // As far as a restore came: the moment before is on disk, one definition is made, the other one gone.
    await journal.take('somebody', 'Before restoring earlier.json', { mappings: true });
    await ports.database.filters.insert([ssoPasswordFilterSchema.parse({ name: 'New' })]);
    await ports.database.filters.delete('Old');
    await journal.start();
    const [newest] = history.list(1);
    expect(newest).toMatchObject({
      kind: 'restore',
      by: 'somebody',
      note: 'earlier.json, cut short when the service ended',
    });
    await undo();
    expect(await state()).toEqual(before);
  }));

test('a file of definitions is one look and one moment, however often it is told', () =>
  withDesks(async ({ journal, history, looks }, { ports }) => {
    await journal.start();
    await ports.database.filters.insert([ssoPasswordFilterSchema.parse({ name: 'Short' })]);
    const before = looks();
    await Promise.all(Array.from({ length: 100 }, () => journal.sectionsChanged('somebody')));
    expect(history.list(10).map(({ kind }) => kind)).toEqual(['change', 'start']);
    // One to see that they are other ones, one to keep them.
    expect(looks() - before).toBe(2);
    await ports.database.filters.insert([ssoPasswordFilterSchema.parse({ name: 'Long' })]);
    await journal.sectionsChanged('somebody');
    expect(history.list(10)).toHaveLength(3);
  }));

test('what users mapped since the restore survives its undo, but not at an application that goes', () =>
  withDesks(async ({ restore, undo, sections }, { ports: { database } }) => {
    const sample = fc.sample(arbitrarySections, { numRuns: 400, seed: 3 });
    const hasApp = (letter: string, mapped: boolean) => (value: JsonObject) =>
      canonicalText(value).includes(`"App${letter}"`) &&
      canonicalText(value).includes(`App${letter}: `) === mapped;
    const [first] = sample
      .filter(hasApp('A', true))
      .filter((one) => !hasApp('B', false)(one) && !hasApp('B', true)(one));
    const [second] = sample.filter(hasApp('A', false)).filter((one) => hasApp('B', false)(one));
    const [configuration] = fc.sample(arbitraryConfiguration, { numRuns: 1, seed: 7 });
    if (first === undefined || second === undefined || configuration === undefined)
      throw new Error('Samples');
    await restore(configuration, first);
    await restore(configuration, second);
    const newer = (application: string) => ({
      application,
      windowsAccount: 'FABRIKAM\\bob',
      externalUser: 'BOB',
      enabled: true,
      disabledByAdministrator: false,
    });
    await database.insertMappings([newer('AppA'), newer('AppB')]);
    await undo();
    const accounts = (await database.listMappings({})).map(
      ({ application, windowsAccount }) => `${application} ${windowsAccount}`,
    );
    expect(accounts.toSorted()).toContain('AppA FABRIKAM\\bob');
    expect(accounts.toSorted()).toContain('AppA FABRIKAM\\alice');
    expect(accounts.some((one) => one.startsWith('AppB'))).toBe(false);
    expect(canonicalText(await sections.read({ mappings: false }))).toContain('AppA');
  }));
