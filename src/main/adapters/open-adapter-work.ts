import { AppError } from '#shared/model/app-error.ts';

import { type AdapterFile, readOwnPassword } from './adapter-file.ts';
import type { AdapterWork } from './client/adapter-work.ts';

/** The work of a configured adapter; drivers are loaded where they are needed. */
export async function openAdapterWork(
  settings: AdapterFile,
  log: (line: string) => void,
): Promise<AdapterWork> {
  switch (settings.kind) {
    case 'script': {
      const { createScriptWork } = await import('./script/script-work.ts');
      return createScriptWork({ ...settings, timeout: settings.timeout * 1000 });
    }
    case 'openldap': {
      const { createOpenLdapWork } = await import('./openldap/openldap-work.ts');
      const { passwordFile } = settings;
      const password = async () => {
        if (passwordFile !== undefined) return readOwnPassword(passwordFile);
        throw new AppError('invalid_configuration', 'Simple authentication needs a passwordFile');
      };
      return createOpenLdapWork({ ...settings, password, log });
    }
    case 'postgresql': {
      const [{ createSqlWork }, { postgresql }] = await Promise.all([
        import('./sql/sql-work.ts'),
        import('./sql/postgresql.ts'),
      ]);
      const password = async () => readOwnPassword(settings.passwordFile);
      return createSqlWork(postgresql, {
        ...settings,
        password,
        port: settings.port ?? 5432,
        database: settings.database === '' ? 'postgres' : settings.database,
      });
    }
    case 'mariadb': {
      const [{ createSqlWork }, { mariadb }] = await Promise.all([
        import('./sql/sql-work.ts'),
        import('./sql/mariadb.ts'),
      ]);
      const password = async () => readOwnPassword(settings.passwordFile);
      return createSqlWork(mariadb, {
        ...settings,
        password,
        port: settings.port ?? 3306,
        database: settings.database === '' ? 'mysql' : settings.database,
      });
    }
  }
}
