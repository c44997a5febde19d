import fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareSnapshots } from '#exchange/compare/compare-snapshots.ts';
import { propertyLabels } from '#exchange/compare/property-labels.ts';
import { comparisonHtml } from '#exchange/report/comparison-html.ts';
import { comparisonMarkdown } from '#exchange/report/comparison-markdown.ts';
import { definitionPlaces, schemaPlaces } from '#exchange/snapshot/schema-places.ts';
import { takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import type { ValueMapping } from '#shared/contract/snapshots.ts';
import { comparisonSchema } from '#shared/contract/snapshots.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { arbitraryConfiguration } from '#test/arbitrary-configuration.ts';
import { guidOf } from '#test/large-configuration.ts';

const origin = { product: '1', host: 'h', madeAt: '2026-03-01T12:00:00.000Z', madeBy: 'me', revision: '' };

function named(configuration: Configuration, title = 'one') {
  return { title, snapshot: takeSnapshot({ configuration, secrets: {} }, origin) };
}

function compare(left: Configuration, right: Configuration, mapping?: ValueMapping) {
  return compareSnapshots({ left: named(left), right: named(right, 'two'), ...(mapping && { mapping }) });
}

interface Shape {
  readonly id?: number;
  readonly name?: string;
  readonly host?: string;
  readonly retryCount?: number;
  readonly profiles?: readonly string[];
  readonly targets?: readonly number[];
}

function agent({
  id = 1,
  name = 'A',
  host = 'dc1.pilot.lab',
  retryCount = 10,
  profiles = [],
  targets,
}: Shape) {
  return {
    id: guidOf(id),
    name,
    kind: 'ldap',
    connection: { url: `ldaps://${host}:636`, authentication: { method: 'simple', user: 'cn=svc' } },
    partitions: [
      {
        dn: 'dc=lab',
        ...(targets && { passwordSource: { enabled: true, domain: 'LAB', targets: targets.map(guidOf) } }),
      },
    ],
    password: { retryCount },
    join: [{ mappings: [{ connector: 'mail', person: 'mail' }] }],
    runProfiles: profiles.map((profile) => ({
      name: profile,
      steps: [{ type: 'full-import-full-sync', pageSize: 100 + profile.length, timeout: 33 }],
    })),
  };
}

const configure = (...agents: readonly Shape[]): Configuration =>
  configurationSchema.parse({ version: 1, agents: agents.map(agent) });

test('a configuration differs from itself in nothing', () => {
  fc.assert(
    fc.property(arbitraryConfiguration, (configuration) => {
      const found = compare(configuration, structuredClone(configuration));
      expect(found).toMatchObject({ identical: true, objects: [] });
      expect(comparisonSchema.safeParse(found).success).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('configurations are identical exactly where their snapshots have one hash', () => {
  fc.assert(
    fc.property(arbitraryConfiguration, arbitraryConfiguration, (left, right) => {
      const same = named(left).snapshot.sha256 === named(right).snapshot.sha256;
      expect(compare(left, right).identical).toBe(same);
    }),
    { numRuns: 30 },
  );
});

test('a changed setting is named as its sheet names it', () => {
  const { objects, counts } = compare(configure({}), configure({ retryCount: 3 }));
  expect(counts).toMatchObject({ changed: 1, added: 0, removed: 0 });
  expect(objects.at(-1)).toMatchObject({
    kind: 'Management agent',
    name: 'A',
    state: 'changed',
    properties: [{ label: 'Maximum retry count', left: 10, right: 3 }],
  });
});

test('an agent with another name is renamed, not another one', () => {
  const { objects, counts } = compare(configure({ name: 'HR' }), configure({ name: 'People' }));
  expect(counts).toMatchObject({ renamed: 1, added: 0, removed: 0 });
  expect(objects.at(-1)).toMatchObject({ name: 'People', state: 'renamed', before: 'HR' });
});

test('a run profile with another name is recognised by its steps', () => {
  const { objects } = compare(configure({ profiles: ['Nightly'] }), configure({ profiles: ['Every N'] }));
  expect(objects.at(-1)).toMatchObject({ state: 'renamed', before: 'Nightly', name: 'Every N' });
});

test('an object that another parent has now has moved', () => {
  const left = configure({ id: 1, name: 'A', profiles: ['Nightly'] }, { id: 2, name: 'B' });
  const right = configure({ id: 1, name: 'A' }, { id: 2, name: 'B', profiles: ['Nightly'] });
  const { counts, objects } = compare(left, right);
  expect(counts).toMatchObject({ moved: 1, added: 0, removed: 0 });
  expect(objects.find(({ state }) => state === 'moved')?.before).toContain(guidOf(1));
});

test('order that means nothing is ignored, and the order of precedence is told', () => {
  const one = configure({ id: 1, name: 'A', targets: [2, 3] }, { id: 2, name: 'B' }, { id: 3, name: 'C' });
  const same = configure({ id: 1, name: 'A', targets: [3, 2] }, { id: 2, name: 'B' }, { id: 3, name: 'C' });
  expect(compare(one, same).identical).toBe(true);
  const turned = configure({ id: 2, name: 'B' }, { id: 1, name: 'A', targets: [2, 3] }, { id: 3, name: 'C' });
  expect(compare(one, turned).objects[0]?.properties[0]).toMatchObject({
    label: 'Order of agents',
    left: ['A', 'B', 'C'],
    right: ['B', 'A', 'C'],
  });
});

test('pilot and production are the same where only their ids and mapped values differ', () => {
  const pilot = configure({ id: 1, name: 'A', targets: [2] }, { id: 2, name: 'B' });
  const production = configure(
    { id: 11, name: 'A', host: 'dc1.fabrikam.com', targets: [12] },
    { id: 12, name: 'B', host: 'dc1.fabrikam.com' },
  );
  expect(compare(pilot, production).counts.changed).toBe(2);
  const values = [{ left: 'pilot.lab', right: 'fabrikam.com' }];
  expect(compare(pilot, production, { values, ignore: [] }).identical).toBe(true);
  expect(compare(pilot, production, { values: [], ignore: ['agents[].connection'] }).identical).toBe(true);
  const elsewhere = configure(
    { id: 11, name: 'A', targets: [13] },
    { id: 12, name: 'B' },
    { id: 13, name: 'C' },
  );
  const targets = compare(pilot, elsewhere).objects.flatMap(({ properties }) => properties);
  expect(targets).toContainEqual(expect.objectContaining({ label: 'Targets', left: ['B'], right: ['C'] }));
});

test('a comparison of three tells who changed what, and where both did', () => {
  const base = named(configure({ id: 1, name: 'A' }, { id: 2, name: 'B' }), 'base');
  const left = named(
    configure({ id: 1, name: 'A', retryCount: 3 }, { id: 2, name: 'B', retryCount: 7 }),
    'left',
  );
  const right = named(
    configure({ id: 1, name: 'A', retryCount: 4 }, { id: 2, name: 'B', host: 'x.lab' }),
    'right',
  );
  const found = compareSnapshots({ base, left, right });
  const [first, second] = found.objects.filter(({ kind }) => kind === 'Management agent');
  expect(first?.properties).toMatchObject([{ base: 10, left: 3, right: 4, by: 'conflict' }]);
  expect(second?.properties.map(({ label, by }) => [label, by])).toEqual(
    expect.arrayContaining([
      ['Server', 'right'],
      ['Maximum retry count', 'left'],
    ]),
  );
  expect(found.counts.conflicts).toBe(1);
  expect(comparisonHtml(found)).toContain('class="conflict"');
});

test('reports take hostile names as text', () => {
  const name = '<img src=x onerror=alert(1)>|*`';
  const found = compare(configure({ name: 'A' }), configure({ name, retryCount: 1 }));
  const html = comparisonHtml(found);
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html).not.toMatch(/https?:\/\/|<script/);
  expect(comparisonMarkdown(found)).toContain('\\<img src=x onerror=alert(1)\\>\\|\\*\\`');
});

test('every label belongs to a property that there is', () => {
  // A snapshot calls an application's password filter so, since it is no password.
  const own = 'applications[].filter';
  const places = new Set([...schemaPlaces().keys(), ...definitionPlaces().keys(), own]);
  const stray = Object.keys(propertyLabels).filter((place) => !places.has(place) && !/secret$/i.test(place));
  expect(stray).toEqual([]);
});
