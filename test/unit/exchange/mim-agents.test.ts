import { expect, test } from 'vitest';

import { type AgentText, hr, ids, mapExport, partition } from '#test/mim-export.ts';

test('everything of a database agent that there is a place for comes over', () => {
  const { agents } = mapExport([hr]);
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
  const on = hr.settings.replace(
    '<password-extension-config><dll>Own.dll</dll>',
    `<password-extension-config><password-extension-enabled>1</password-extension-enabled><dll>Own.dll</dll>
      <connection-info><connect-to>db1</connect-to><user>mim</user></connection-info>`,
  );
  expect(mapExport([{ ...hr, settings: on }]).agents[0]?.agent).toMatchObject({
    passwordMethod: {
      method: 'extension',
      extension: { command: 'own', parameters: { 'connect-to': 'db1', user: 'mim' } },
    },
  });
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
  expect(mapExport([file]).agents[0]?.agent).toMatchObject({
    kind: 'delimited',
    connection: { path: 'people.txt', encoding: 'windows-1252' },
    anchor: ['Id'],
    objectType: 'person',
    layout: { delimiter: ';' },
  });
});

const column = (name: string, width: string, more = '') =>
  `<attribute cd_name="${name}" type="String" upper_bound="${width}"${more}/>`;
const fixed = (format: string): AgentText => ({
  id: ids.hr,
  name: 'Host',
  category: 'Fixed',
  settings: `<MAConfig><ui-data><xmlwizard><attributes>${column('Id', '8')}${column('Name', '')}${column('export_password', '')}
    </attributes></xmlwizard></ui-data><importing><anchor><attribute object_class="person">Id</attribute>
    <attribute object_class="group">Id</attribute></anchor></importing>
    <fixed_width_format><code_page>20127</code_page>${format}</fixed_width_format></MAConfig>`,
});

test('a fixed-width file comes over with the columns that are told, or in the order of its attributes', () => {
  const told = mapExport([
    fixed(
      '<columns><column><name>Id</name><width>6</width></column><column name="Name" start="8" width="20"/></columns>',
    ),
  ]).agents[0];
  expect(told?.agent).toMatchObject({
    kind: 'fixed-width',
    anchor: ['Id'],
    partitions: [{ dn: 'OU=default' }],
    layout: {
      columns: [
        { name: 'Id', start: 1, width: 6 },
        { name: 'Name', start: 8, width: 20 },
      ],
    },
  });
  expect(told?.notes).toContainEqual(expect.objectContaining({ setting: 'Columns', verdict: 'taken over' }));
  const guessed = mapExport([fixed('')]).agents[0];
  expect(guessed?.agent).toMatchObject({
    layout: {
      columns: [
        { name: 'Id', start: 1, width: 8 },
        { name: 'Name', start: 9, width: 32 },
      ],
    },
  });
  expect(guessed?.notes).toContainEqual(
    expect.objectContaining({ setting: 'Columns', verdict: 'approximated' }),
  );
});

test('an agent for Lotus Notes becomes one of the directory that Domino is', () => {
  const settings = `<lnma-configuration><server>CN=Mail 1/OU=Sales/O=Fabrikam/C=US</server><userid>C:\\notes\\admin.id</userid>
    <ou-list><item><nab>names.nsf</nab></item></ou-list></lnma-configuration>`;
  const types =
    '<filter><object-classes><object-class>Person</object-class><object-class>Group</object-class></object-classes></filter>';
  const book = (name: string) =>
    `<partition><id>{P}</id><name>${name}</name><selected>1</selected>${types}</partition>`;
  const rest = `<ma-partition-data>${book('names.nsf')}${book('more.nsf')}</ma-partition-data>
    <ma-run-data><run-configuration><name>FI</name><configuration><step><step-type type="full-import"/><partition>{P}</partition></step></configuration></run-configuration></ma-run-data>`;
  const [agent] = mapExport([{ id: ids.notes, name: 'Notes', category: 'Notes', settings, rest }]).agents;
  expect(agent?.choices.slice(0, 2)).toEqual(['ldap:domino', 'active-directory']);
  expect(agent?.agent).toMatchObject({
    kind: 'ldap',
    profile: 'domino',
    connection: { url: 'ldaps://Mail-1:636', authentication: { method: 'simple', user: 'admin' } },
    partitions: [{ dn: 'O=Fabrikam,C=US', filter: '(|(objectClass=dominoPerson)(objectClass=dominoGroup))' }],
    runProfiles: [{ name: 'FI', steps: [{ type: 'full-import-delta-sync' }] }],
  });
  expect(agent?.notes).toContainEqual({
    setting: 'Address books',
    verdict: 'kept only',
    detail: 'names.nsf: LDAP answers for all that its server has',
  });
});

const parameter = (name: string, value: string, more = '') =>
  `<parameter name="${name}" use="connectivity" type="string"${more}>${value}</parameter>`;
const connector = (file: string, parameters: string): AgentText => ({
  id: ids.hr,
  name: 'Connector',
  category: 'Extensible2',
  settings: `<MAConfig><extension-config><filename data-owner="ISV">${file}</filename></extension-config>
    <parameter-values>${parameters}</parameter-values></MAConfig>`,
});

test('an extensible agent becomes an extension that is told what its connector was, and no secret', () => {
  const [agent] = mapExport([
    connector(
      'Contoso.Profiles.dll',
      parameter('Host Name', 'sp1.fabrikam.lab') +
        parameter('Password', '', ' encrypted="1"') +
        parameter('Api Token', 'never-over') +
        parameter('Connection String', 'server=a;Pwd=never-over') +
        '<parameter name="Script" use="global" type="file">bmV2ZXItb3Zlcg==</parameter>',
    ),
  ]).agents;
  expect(agent?.agent).toMatchObject({
    kind: 'extension',
    connection: { command: 'contoso.profiles', parameters: { 'Host Name': 'sp1.fabrikam.lab' } },
  });
  expect(JSON.stringify([agent?.agent, agent?.notes])).not.toMatch(/never-over|bmV2/);
  expect(agent?.notes.filter(({ verdict }) => verdict === 'kept only').map(({ setting }) => setting)).toEqual(
    ['Parameter Password', 'Parameter Api Token', 'Parameter Connection String', 'Parameter Script'],
  );
});

test('a connector of Microsoft for a directory becomes that directory', () => {
  const given =
    parameter('Host', 'ldap1.fabrikam.lab') +
    parameter('Port', '636') +
    parameter('Binding', 'SSL') +
    parameter('User Name', 'cn=admin,dc=lab');
  const [agent] = mapExport([connector('Microsoft.IAM.Connector.GenericLdap.dll', given)]).agents;
  expect(agent?.choices.slice(0, 3)).toEqual(['ldap:generic', 'extension', 'ldap:adlds']);
  expect(agent?.agent).toMatchObject({
    kind: 'ldap',
    profile: 'generic',
    connection: { url: 'ldaps://ldap1.fabrikam.lab:636', authentication: { user: 'cn=admin,dc=lab' } },
  });
});

test('an agent for Enterprise Single Sign-On is known by its extension', () => {
  const settings = `<MAConfig><extension-config><filename>Microsoft.EnterpriseSingleSignOn.ManagementAgent.dll</filename>
    <connection-info><connect-to>sso1.fabrikam.lab</connect-to><user>FABRIKAM\\svc-sso</user></connection-info></extension-config></MAConfig>`;
  const { agents } = mapExport([{ id: ids.hr, name: 'ENTSSOMA', category: 'Extensible', settings }]);
  expect(agents[0]?.agent).toMatchObject({
    kind: 'entsso',
    connection: { connectTo: 'sso1.fabrikam.lab', user: 'FABRIKAM\\svc-sso' },
  });
});

test('an agent of a system that nobody has any more comes over with its settings', () => {
  const settings =
    '<ntma-configuration><domain>OLD</domain><login-user>svc</login-user><login-domain>OLD</login-domain></ntma-configuration>';
  const [agent] = mapExport([{ id: ids.hr, name: 'NT4', category: 'NT', settings }]).agents;
  expect(agent?.choices).toEqual(['extension']);
  expect(agent?.agent).toMatchObject({
    kind: 'extension',
    connection: {
      command: 'nt-agent',
      parameters: { domain: 'OLD', 'login-user': 'svc', 'login-domain': 'OLD' },
    },
  });
});
