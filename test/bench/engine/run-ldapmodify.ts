import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenLdap } from '#lab/openldap-server.ts';
import { withPasswordFile } from '#lab/password-file.ts';
import { requireCommand } from '#lab/run-command.ts';

import { benchDn } from './bench-people.ts';

/** Sets per second of OpenLDAP's own client, the people shared out over this many processes. */
export async function runLdapModify(
  server: OpenLdap,
  processes: number,
  people: number,
  passwordOf: (person: number) => string,
): Promise<number> {
  const files = Array.from({ length: processes }, (_, part) => {
    const lines: string[] = [];
    for (let person = part; person < people; person += processes)
      lines.push(
        `dn: ${benchDn(person)}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${passwordOf(person)}\n`,
      );
    const file = join(server.directory, `sets-${part}.ldif`);
    writeFileSync(file, lines.join('\n'));
    return file;
  });
  return withPasswordFile(server.servicePassword, async (secretFile) => {
    const begin = performance.now();
    await Promise.all(
      files.map((file) =>
        requireCommand(
          'ldapmodify',
          ['-x', '-H', server.ldapsUrl, '-D', server.serviceDn, '-y', secretFile, '-f', file],
          { env: { LDAPTLS_CACERT: server.caFile } },
        ),
      ),
    );
    return people / ((performance.now() - begin) / 1000);
  });
}
