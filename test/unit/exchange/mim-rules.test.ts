import { expect, test } from 'vitest';

import { CelExpressions } from '#expressions/cel-expressions.ts';
import { ad, domain, guid, hr, ids, mapExport, unknown } from '#test/mim-export.ts';

const flow = (id: string, inner: string, type = 'user') =>
  `<import-flow src-ma="${guid(id)}" cd-object-type="${type}" id="{1}">${inner}</import-flow>`;
const direct = (name: string, intrinsic = '') =>
  `<direct-mapping><src-attribute${intrinsic}>${name}</src-attribute></direct-mapping>`;
const flows = (attribute: string, inner: string, type = 'ranked') =>
  `<import-flow-set mv-object-type="person"><import-flows mv-attribute="${attribute}" type="${type}">${inner}</import-flows></import-flow-set>`;

test('precedence of attributes comes over in its order, without agents that do not', () => {
  const both = (order: readonly string[], type?: string) =>
    flows('mail', order.map((id) => flow(id, direct('mail'))).join(''), type);
  const metaverse = (inner: string) => `<import-attribute-flow>${inner}</import-attribute-flow>`;
  const ranked = mapExport([ad(), hr, unknown], metaverse(both([ids.notes, ids.hr, ids.ad])));
  expect(ranked.precedence).toEqual([{ attribute: 'mail', agents: [ids.hr, ids.ad] }]);
  expect(mapExport([ad(), hr], metaverse(both([ids.ad, ids.hr]))).precedence[0]?.agents).toEqual([
    ids.ad,
    ids.hr,
  ]);
  const equal = mapExport([ad(), hr], metaverse(both([ids.ad, ids.hr], 'equal')));
  expect(equal.precedence).toEqual([{ attribute: 'mail', agents: [ids.ad, ids.hr] }]);
  expect(equal.notes).toContainEqual(
    expect.objectContaining({ setting: 'Precedence of mail', verdict: 'approximated' }),
  );
  const manual = mapExport([ad(), hr], metaverse(both([ids.ad, ids.hr], 'manual')));
  expect(manual.precedence).toEqual([]);
  expect(manual.notes).toContainEqual(
    expect.objectContaining({ setting: 'Precedence of mail', verdict: 'kept only' }),
  );
  expect(mapExport([ad(), hr], metaverse(flows('mail', flow(ids.ad, direct('mail'))))).precedence).toEqual(
    [],
  );
});

test.each([
  ['declared-last', '', { kind: 'last-connector' }, 'taken over'],
  ['declared-last', `<exclude-ma>${guid(ids.hr)}</exclude-ma>`, { kind: 'last-connector' }, 'approximated'],
  ['declared-any', `<src-ma>${guid(ids.hr)}</src-ma>`, { kind: 'any-of', agents: [ids.hr] }, 'taken over'],
  [
    'declared-any',
    `<src-ma>${guid(ids.notes)}</src-ma><src-ma>${guid(ids.ad)}</src-ma>`,
    { kind: 'any-of', agents: [ids.ad] },
    'approximated',
  ],
  ['declared-any', `<src-ma>${guid(ids.notes)}</src-ma>`, undefined, 'kept only'],
  ['scripted', '', undefined, 'kept only'],
])('the deletion rule %s %s becomes %o', (type, inner, rule, verdict) => {
  const text = `<mv-deletion><mv-deletion-rule mv-object-type="group" type="declared-last"/>
    <mv-deletion-rule mv-object-type="person" id="{D}" type="${type}">${inner}</mv-deletion-rule></mv-deletion>`;
  const { deletionRule, notes } = mapExport([ad(), hr, unknown], text);
  expect(deletionRule).toEqual(rule);
  expect(notes).toContainEqual(
    expect.objectContaining({ setting: 'Object deletion rule of person', verdict }),
  );
  expect(notes).toContainEqual(
    expect.objectContaining({ setting: 'Object deletion rule of group', verdict: 'kept only' }),
  );
});

const rule = (kind: string, value: string) =>
  `<sync-rule-mapping mapping-type="${kind}" initial-flow-only="false"><sync-rule-value>${value}</sync-rule-value></sync-rule-mapping>`;
const call = (id: string, ...args: readonly string[]) =>
  `<fn id="${id}">${args.map((arg) => `<arg>${arg}</arg>`).join('')}</fn>`;

test.each([
  ['direct', direct('mail'), { connector: 'mail', person: 'x' }, 'taken over'],
  ['its own name', direct('dn', ' intrinsic="true"'), { expression: 'dn', person: 'x' }, 'taken over'],
  [
    'constant',
    '<constant-mapping><constant-value>a "b"</constant-value></constant-mapping>',
    { expression: '"a \\"b\\""', person: 'x' },
    'taken over',
  ],
  [
    'component of the name',
    '<dn-part-mapping><dn-part>2</dn-part></dn-part-mapping>',
    { expression: 'dn.split(",")[1].split("=")[1]', person: 'x' },
    'approximated',
  ],
  [
    'rules extension',
    '<scripted-mapping><src-attribute>a</src-attribute><script-context>n</script-context></scripted-mapping>',
    undefined,
    'kept only',
  ],
  ['constant of the portal', rule('constant', 'staff'), { expression: '"staff"', person: 'x' }, 'taken over'],
  [
    'function of the portal',
    rule('expression', call('+', '"CN="', 'accountName')),
    { expression: '("CN=" + object.accountName)', person: 'x' },
    'approximated',
  ],
  [
    'condition of the portal',
    rule('expression', call('IIF', call('Eq', 'status', '"T"'), '"TRUE"', call('Upper' + 'Case', 'status'))),
    { expression: '(object.status == "T" ? "TRUE" : object.status.upper())', person: 'x' },
    'approximated',
  ],
  ['unknown function', rule('expression', call('RandomNum', '1', '9')), undefined, 'kept only'],
])('an import flow that is %s', (_, inner, expected, verdict) => {
  const { agents } = mapExport(
    [ad()],
    `<import-attribute-flow>${flows('x', flow(ids.ad, inner))}</import-attribute-flow>`,
  );
  expect(agents[0]?.agent?.flow[0]).toEqual(expected);
  expect(agents[0]?.notes).toContainEqual(expect.objectContaining({ setting: 'Import flow to x', verdict }));
  const expression = agents[0]?.agent?.flow[0]?.expression;
  // What comes over as an expression is one of the language.
  if (expression !== undefined) expect(() => new CelExpressions().compile(expression)).not.toThrow();
});

test('thresholds, sizes and object types come over', () => {
  const step = `<step><step-type type="export"/><threshold><object>500</object><batch-size>1</batch-size><delete>100</delete></threshold>
    <partition>{P}</partition><custom-data><adma-step-data><batch-size>100</batch-size><page-size>250</page-size><time-limit>90</time-limit></adma-step-data></custom-data></step>`;
  const hint = (name: string, ...parents: readonly string[]) =>
    `<object-class><name>${name}</name><hierarchy>${parents.map((one) => `<object-class>${one}</object-class>`).join('')}</hierarchy></object-class>`;
  const filter = `<filter><object-classes><object-class>container</object-class><object-class>user</object-class><object-class>contact</object-class></object-classes></filter>
    <filter-hints><object-classes>${hint('user', 'top', 'user')}${hint('inetOrgPerson', 'top', 'user', 'inetOrgPerson')}</object-classes></filter-hints>`;
  const runs = `<ma-run-data><run-configuration><id>{R}</id><name>Export</name><configuration>${step}</configuration></run-configuration></ma-run-data>`;
  const { agents } = mapExport([ad(domain(filter) + runs)]);
  expect(agents[0]?.agent).toMatchObject({
    partitions: [{ filter: '(|(&(objectClass=user)(!(objectClass=inetOrgPerson)))(objectClass=contact))' }],
    runProfiles: [
      {
        name: 'Export',
        steps: [{ type: 'export', objectLimit: 500, deletionLimit: 100, pageSize: 250, timeout: 90 }],
      },
    ],
  });
});
