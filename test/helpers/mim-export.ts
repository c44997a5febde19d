import { mapMimServer } from '#exchange/mim/map-mim-server.ts';
import { readMimServer } from '#exchange/mim/read-mim-server.ts';

/** Agents of the exports that are made here. */
export const ids = {
  hr: 'a0000000-0000-4000-8000-000000000001',
  ad: 'a0000000-0000-4000-8000-000000000002',
  notes: 'a0000000-0000-4000-8000-000000000003',
};
export const guid = (id: string) => `{${id.toUpperCase()}}`;
const bytes = (text: string) => new TextEncoder().encode(text);

/** The one partition of files and tables. */
export const partition = `<ma-partition-data><partition><id>{P}</id><name>default</name><selected>1</selected></partition></ma-partition-data>`;
const directory = `<adma-configuration><forest-name>fabrikam.lab</forest-name><forest-login-domain>FABRIKAM</forest-login-domain><forest-login-user>svc</forest-login-user></adma-configuration>`;
export const domain = (inner = '') =>
  `<ma-partition-data><partition><id>{P}</id><name>DC=fabrikam,DC=lab</name><selected>1</selected>${inner}</partition></ma-partition-data>`;

export interface AgentText {
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

/** What an export of these agents becomes. */
export function mapExport(agents: readonly AgentText[], metaverse = '') {
  const mv = `<saved-mv-configuration><mv-data><format-version>1</format-version>${metaverse}</mv-data></saved-mv-configuration>`;
  const files = agents.map((agent) => [`MA-${agent.name}.xml`, bytes(agentFile(agent))] as const);
  return mapMimServer(readMimServer(new Map([['MV.xml', bytes(mv)], ...files])));
}

export const ad = (rest = domain()): AgentText => ({
  id: ids.ad,
  name: 'ADMA',
  category: 'AD',
  settings: directory,
  rest,
});
export const hr: AgentText = {
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
export const unknown: AgentText = { id: ids.notes, name: 'Nothing', category: 'NT', settings: '' };
