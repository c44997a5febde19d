import type { Database } from './database.ts';

/** A value as JSON has it; undefined properties are left out when it is written. */
type Section = readonly Readonly<Record<string, unknown>>[];

interface MappingRow {
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
  readonly enabled: number;
}

/**
 * What of the credential database belongs into a snapshot: definitions and mappings, as far as there are any. No
 * credential is among it.
 */
export function readSsoSections(database: Database): Readonly<Record<string, Section>> {
  const definitions = (table: string): Section =>
    database
      .all<{ document: string }>(`SELECT document FROM ${table} ORDER BY name`)
      .map(({ document }) => JSON.parse(document) as Record<string, unknown>);
  const applications = definitions('sso_application').map(({ passwordFilter, ...application }) =>
    // Under a name that nobody takes for that of a secret: snapshots leave such values out.
    passwordFilter === undefined ? application : { ...application, filter: passwordFilter },
  );
  const mappings = database
    .all<MappingRow>(
      `SELECT a.name AS application, m.windows_account AS windowsAccount, m.external_user AS externalUser, m.enabled
        FROM sso_mapping m JOIN sso_application a ON a.id = m.application
        ORDER BY a.name, m.windows_account, m.external_user`,
    )
    .map(({ enabled, ...mapping }) => ({ ...mapping, enabled: enabled !== 0 }));
  const sections: Record<string, Section> = {
    applications,
    adapters: definitions('sso_adapter'),
    filters: definitions('sso_filter'),
    mappings,
  };
  return Object.fromEntries(Object.entries(sections).filter(([, rows]) => rows.length > 0));
}
