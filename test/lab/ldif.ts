import { withPasswordFile } from './password-file.ts';
import { type CommandResult, requireCommand, runCommand } from './run-command.ts';

export interface LdifBind {
  /** A distinguished name, or for Active Directory a user principal name. */
  readonly dn: string;
  readonly password: string;
  readonly caFile: string;
}

/** One attribute line, in base64 where RFC 2849 asks for it. */
export function ldifLine(name: string, value: string | Uint8Array): string {
  const plain = typeof value === 'string' && /^[!-9;=-~][ -~]*$/.test(value) && !value.endsWith(' ');
  return plain ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
}

/** Applies LDIF with OpenLDAP's own client and tells how it went; a record without changetype is an addition. */
export function tryLdif(ldapsUrl: string, ldif: string, bind: LdifBind): Promise<CommandResult> {
  return withPasswordFile(bind.password, (file) =>
    runCommand('ldapmodify', ['-a', '-x', '-H', ldapsUrl, '-D', bind.dn, '-y', file], {
      input: ldif,
      env: { LDAPTLS_CACERT: bind.caFile, LDAPTLS_REQCERT: 'demand' },
    }),
  );
}

/** Applies LDIF that must be accepted, with a bind or as root over the server's own socket. */
export async function applyLdif(url: string, ldif: string, bind?: LdifBind): Promise<void> {
  if (bind === undefined) {
    await requireCommand('ldapmodify', ['-a', '-Y', 'EXTERNAL', '-Q', '-H', url], { input: ldif });
    return;
  }
  const result = await tryLdif(url, ldif, bind);
  if (result.code !== 0) throw new Error(`LDIF refused with ${result.code}: ${result.stderr.trim()}`);
}
