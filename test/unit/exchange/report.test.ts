import { expect, test } from 'vitest';

import { documentSnapshot } from '#exchange/report/document-snapshot.ts';
import { takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { configurationSchema } from '#shared/model/configuration.ts';

const sourceId = 'd5000000-0000-4000-8000-000000000001';
const targetId = 'd5000000-0000-4000-8000-000000000002';
const ldap = (url: string) => ({
  url,
  authentication: { method: 'simple', user: 'cn=sync' },
});

function document({ shadow = false, name = 'Directory', applications = 0 } = {}): string {
  const configuration = configurationSchema.parse({
    version: 1,
    passwordSync: { enabled: true },
    agents: [
      {
        id: sourceId,
        name: 'ADMA',
        kind: 'active-directory',
        connection: ldap('ldaps://dc1.fabrikam.lab'),
        partitions: [
          {
            dn: 'DC=fabrikam,DC=lab',
            passwordSource: { enabled: true, domain: 'FABRIKAM', targets: [targetId] },
          },
        ],
      },
      {
        id: targetId,
        name,
        kind: 'ldap',
        profile: 'openldap',
        connection: ldap('ldaps://ldap1.ldap.lab'),
        partitions: [{ dn: 'dc=ldap,dc=lab' }],
        password: { enabled: true, shadow, retryCount: 7 },
        join: [{ mappings: [{ connector: 'uid', person: 'employeeID' }] }],
      },
    ],
  });
  const origin = {
    product: '1.0.0',
    host: 'server',
    madeAt: '2026-03-01T12:00:00.000Z',
    madeBy: 'tester',
    revision: 'abc',
  };
  const sections = {
    applications: Array.from({ length: applications }, (_, index) => ({ name: `App ${index}` })),
  };
  return documentSnapshot(takeSnapshot({ configuration, secrets: {}, sections }, origin));
}

const drawing = (html: string): string => /<svg.*<\/svg>/s.exec(html)?.[0] ?? '';

test('the document draws the way from source to target and marks what is not default', () => {
  const html = document();
  expect(drawing(html)).toMatch(/FABRIKAM.*ADMA: DC=fabrikam,DC=lab/s);
  expect(drawing(html)).toMatch(/to Directory.*OpenLDAP.*joined by uid = employeeID/s);
  expect(html).toContain('<td>Management agent for</td><td>LDAP directory</td>');
  expect(html).toMatch(
    /<tr class="own"><td>Maximum retry count<\/td><td>7 <span class="quiet">\(default: 10\)/,
  );
});

test('a target in shadow mode is drawn as one that gets nothing', () => {
  expect(drawing(document())).not.toContain('box quiet');
  expect(drawing(document({ shadow: true }))).toMatch(/box quiet.*Shadow mode; OpenLDAP/s);
});

test('what does not fit the drawing is counted in it', () => {
  expect(drawing(document({ applications: 12 }))).toContain('App 11');
  const many = drawing(document({ applications: 40 }));
  expect(many).toContain('and 29 more');
  expect(many).not.toContain('App 9');
});

test('adapters are drawn between their group and their applications', () => {
  const adapter = (name: string, rest: object) => ({
    name,
    computer: 'a.fabrikam.lab',
    enabled: true,
    ...rest,
  });
  const sections = {
    adapters: [
      adapter('Hosts', { kind: 'group-adapter' }),
      adapter('SAPAdapter', { group: 'Hosts', sendChanges: true }),
    ],
    applications: [
      { name: 'SAP', type: 'individual', enabled: true, adapter: 'SAPAdapter' },
      { name: 'Old', type: 'group', enabled: false },
    ],
  };
  const configuration = configurationSchema.parse({ version: 1 });
  const origin = { product: '1', host: 'h', madeAt: '2026-03-01T12:00:00.000Z', madeBy: 'me', revision: 'r' };
  const html = documentSnapshot(takeSnapshot({ configuration, secrets: {}, sections }, origin));
  expect(html).toMatch(/<tr class="own"><td>Send Windows password changes to adapter<\/td><td>Yes/);
  const svg = drawing(html);
  expect(svg).toMatch(/SAPAdapter.*a\.fabrikam\.lab.*gets changes/s);
  expect(svg).toContain('through SAPAdapter');
  expect(svg).toContain('disabled; group');
  // From the group to its adapter, and from there to the application.
  expect(svg.match(/marker-end/g)).toHaveLength(2);
});

test('the document asks nothing of a network, and a name stays a name', () => {
  const html = document({ name: '<img src=x onerror=alert(1)>"' });
  expect(html).not.toMatch(/<(?:img|script|link|iframe|object)\b/i);
  expect(html).not.toMatch(/(?:src|href)="(?!#)|url\((?!#)|@import/i);
  expect(html).toContain("default-src 'none'");
});
