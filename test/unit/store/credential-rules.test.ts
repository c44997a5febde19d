import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { NotificationTable } from '#store/notification-table.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';
import { credentialRules } from '#test/credential-rules.ts';

test.each(credentialRules)('embedded: $name', async ({ check }) => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-credential-rules-'));
  const database = openDatabase(join(folder, 'carillon.db'), storeMigrations);
  try {
    await check({
      database: createSsoDatabase(database, new SsoCredentialTable(database)),
      queue: new NotificationTable(database),
    });
    expect.hasAssertions();
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});
