/** What one needs to know to use a running LDAP server; plain data, so that it crosses processes. */
export interface LdapServer {
  readonly suffix: string;
  readonly peopleDn: string;
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly ldapUrl: string;
  readonly ldapsUrl: string;
  /** Root on this socket is the administrator. */
  readonly ldapiUrl: string;
  readonly caFile: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  /** May write userPassword and unlock; the password policy binds it, unlike the administrator. */
  readonly serviceDn: string;
  readonly servicePassword: string;
  readonly directory: string;
  readonly logFile: string;
}
