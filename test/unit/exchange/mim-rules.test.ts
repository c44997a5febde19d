import { expect, test } from 'vitest';

import { mapMimServer } from '#exchange/mim/map-mim-server.ts';
import { readMimServer } from '#exchange/mim/read-mim-server.ts';
import { CelExpressions } from '#expressions/cel-expressions.ts';

const ids = {
  hr: 'a0000000-0000-4000-8000-000000000001',
  ad: 'a0000000-0000-4000-8000-000000000002',
  notes: 'a0000000-0000-4000-8000-000000000003',
};
const guid = (id: string) => `{${id.toUpperCase()}}`;
const bytes = (text: string) => new TextEncoder().encode(text);

const partition = `<ma-partition-data><partition><id>{P}</id><name>default</name><selected>1</selected></partition></ma-partition-data>`;
const directory = `<adma-configuration><forest-name>fabrikam.lab</forest-name><forest-login-domain>FABRIKAM</forest-login-domain><forest-login-user>svc</forest-login-user></adma-configuration>`;
const domain = (inner = '') =>
  `<ma-partition-data><partition><id>{P}</id><name>DC=fabrikam,DC=lab</name><selected>1</selected>${inner}</partition></ma-partition-data>`;

interface AgentText {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly settings: string;
  readonly rest?: string;
}

function agentFile({ id, name, category, settings, rest = partition }: AgentText): string {
  return `<saved-ma-configuration><ma-data><format-version>1</format-version><id>${guid(id)}</id><name>${name}</name>
    <category>${category}</category><private-configuration>${settings}</private-configuration>${rest}</ma-data></saved-ma-configuration>`;
}

function map(agents: readonly AgentText[], metaverse = '') {
  const mv = `<saved-mv-configuration><mv-data><format-version>1</format-version>${metaverse}</mv-data></saved-mv-configuration>`;
  const files = agents.map((agent) => [`MA-${agent.name}.xml`, bytes(agentFile(agent))] as const);
  return mapMimServer(readMimServer(new Map([['MV.xml', bytes(mv)], ...files])));
}

const ad = (rest = domain()): AgentText => ({
  id: ids.ad,
  name: 'ADMA',
  category: 'AD',
  settings: directory,
  rest,
});
const hr: AgentText = {
  id: ids.hr,
  name: 'HR',
  category: 'MSSQL',
  settings: `<oledbma-configuration><connection-info><authentication>sql</authentication><server>db1</server>
    <databasename>HR</databasename><tablename>dbo.People</tablename><delta-tablename>dbo.Changes</delta-tablename>
    <multivalued-tablename>dbo.Phones</multivalued-tablename><user>mim</user></connection-info>
    <mms-info><anchor><attribute>Id</attribute></anchor>
    <object-type-info><object-type-column>Kind</object-type-column><object-type>person</object-type></object-type-info>
    <delta-info><change-column>Change</change-column><add>Add</add><update>Modify</update><delete>Delete</delete></delta-info>
    <multivalued-info><attribute-column>Name</attribute-column><string-column>Text</string-column></multivalued-info></mms-info>
    <password-extension-config><dll>Own.dll</dll><password-set-enabled>1</password-set-enabled><password-change-enabled>0</password-change-enabled></password-extension-config>
    </oledbma-configuration>`,
};
const unknown: AgentText = {
  id: ids.notes,
  name: 'Notes',
  category: 'Notes',
  settings: '<lnma-configuration/>',
};

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
  const ranked = map([ad(), hr, unknown], metaverse(both([ids.notes, ids.hr, ids.ad])));
  expect(ranked.precedence).toEqual([{ attribute: 'mail', agents: [ids.hr, ids.ad] }]);
  expect(map([ad(), hr], metaverse(both([ids.ad, ids.hr]))).precedence[0]?.agents).toEqual([ids.ad, ids.hr]);
  const equal = map([ad(), hr], metaverse(both([ids.ad, ids.hr], 'equal')));
  expect(equal.precedence).toEqual([]);
  expect(equal.notes).toContainEqual(
    expect.objectContaining({ setting: 'Precedence of mail', verdict: 'kept only' }),
  );
  expect(map([ad(), hr], metaverse(flows('mail', flow(ids.ad, direct('mail'))))).precedence).toEqual([]);
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
  const { deletionRule, notes } = map([ad(), hr, unknown], text);
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
  const { agents } = map(
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
  const { agents } = map([ad(domain(filter) + runs)]);
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

test('everything of a database agent that there is a place for comes over', () => {
  const { agents } = map([hr]);
  expect(agents[0]?.agent).toMatchObject({
    kind: 'sql-server',
    connection: { host: 'db1', database: 'HR', user: 'mim' },
    table: 'dbo.People',
    anchor: ['Id'],
    objectTypeColumn: 'Kind',
    delta: { by: 'view', view: 'dbo.Changes', changeColumn: 'Change' },
    multivalue: { table: 'dbo.Phones', attributeColumn: 'Name', valueColumn: 'Text' },
    password: { operations: 'set' },
  });
  expect(agents[0]?.notes).toContainEqual(
    expect.objectContaining({ setting: 'Password extension', verdict: 'kept only' }),
  );
});

test('agents for files come over with layout, anchor and encoding', () => {
  const step =
    '<step><step-type type="full-import"/><partition>{P}</partition><custom-data><run-config><input-file>people.txt</input-file></run-config></custom-data></step>';
  const runs = `<ma-run-data><run-configuration><name>FI</name><configuration>${step}</configuration></run-configuration></ma-run-data>`;
  const settings = `<MAConfig><delimited_format><code_page>1252</code_page><delimiter>59</delimiter></delimited_format>
    <importing><anchor><attribute>Id</attribute></anchor><default_object_class>person</default_object_class></importing></MAConfig>`;
  const file: AgentText = {
    id: ids.hr,
    name: 'Staff',
    category: 'Delimited',
    settings,
    rest: partition + runs,
  };
  expect(map([file]).agents[0]?.agent).toMatchObject({
    kind: 'delimited',
    connection: { path: 'people.txt', encoding: 'windows-1252' },
    anchor: ['Id'],
    objectType: 'person',
    layout: { delimiter: ';' },
  });
});

test('an agent for Enterprise Single Sign-On is known by its extension', () => {
  const settings = `<MAConfig><extension-config><filename>Microsoft.EnterpriseSingleSignOn.ManagementAgent.dll</filename>
    <connection-info><connect-to>sso1.fabrikam.lab</connect-to><user>FABRIKAM\\svc-sso</user></connection-info></extension-config></MAConfig>`;
  const { agents } = map([{ id: ids.hr, name: 'ENTSSOMA', category: 'Extensible', settings }]);
  expect(agents[0]?.agent).toMatchObject({
    kind: 'entsso',
    connection: { connectTo: 'sso1.fabrikam.lab', user: 'FABRIKAM\\svc-sso' },
  });
});
