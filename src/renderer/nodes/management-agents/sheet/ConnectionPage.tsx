import type { DirectoryAgent, LdapConnection } from '#shared/model/agent.ts';
import { ldapConnectionSchema } from '#shared/model/agent.ts';
import { numberRange } from '#state/number-range.ts';
import type { Draft } from '#state/use-draft.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { TypedSecret } from './typed-secret.ts';

type Method = LdapConnection['authentication']['method'];

const methods: Readonly<Record<Method, string>> = {
  simple: 'User name and password',
  gssapi: 'Kerberos',
  external: 'Account of the service, over a local socket',
};

const timeoutRange = numberRange(ldapConnectionSchema.shape.connectTimeout);

export interface ConnectionPageProps {
  readonly draft: Draft<DirectoryAgent>;
  readonly secret: TypedSecret;
}

/** Connect to Active Directory Forest, or Connect to Server: where the directory is and who signs in there. */
export function ConnectionPage({ draft, secret }: ConnectionPageProps) {
  const { value, change, errors } = draft;
  const { connection } = value;
  const { authentication } = connection;
  const set = (part: Partial<LdapConnection>): void =>
    change({ ...value, connection: { ...connection, ...part } });
  const choose = (method: Method): void =>
    set({ authentication: method === 'simple' ? { method, user: '' } : { method } });
  return (
    <>
      <TextField
        label="Server:"
        hint="ldaps://host:port, ldap://host:port or ldapi://%2Fpath"
        value={connection.url}
        error={errors.get('connection.url')}
        onChange={(url) => set({ url })}
      />
      <ChoiceField label="Sign in with:" value={authentication.method} choices={methods} onChange={choose} />
      {authentication.method === 'simple' ? (
        <>
          <TextField
            label="User name:"
            value={authentication.user}
            error={
              errors.get('connection.authentication.user') && 'Enter the user that the agent signs in as'
            }
            onChange={(user) => set({ authentication: { ...authentication, user } })}
          />
          <TextField
            label="Password:"
            password
            hint="The stored password stays while this is empty"
            value={secret.text}
            onChange={secret.type}
          />
        </>
      ) : null}
      {authentication.method === 'gssapi' ? (
        <>
          <TextField
            label="Kerberos name:"
            hint="name@REALM"
            value={authentication.principal ?? ''}
            onChange={(principal) =>
              set({
                authentication: { ...authentication, principal: principal === '' ? undefined : principal },
              })
            }
          />
          <TextField
            label="Keytab file:"
            value={authentication.keytab ?? ''}
            onChange={(keytab) =>
              set({ authentication: { ...authentication, keytab: keytab === '' ? undefined : keytab } })
            }
          />
        </>
      ) : null}
      {errors.get('connection.authentication.method') === undefined ? null : (
        <span role="alert">{errors.get('connection.authentication.method')}</span>
      )}
      <TextField
        label="Certificate authority file:"
        hint="The system's own list where empty"
        value={connection.caFile ?? ''}
        onChange={(caFile) => set({ caFile: caFile === '' ? undefined : caFile })}
      />
      <NumberField
        label="Connection timeout (seconds):"
        value={connection.connectTimeout}
        {...timeoutRange}
        onChange={(connectTimeout) => set({ connectTimeout: connectTimeout ?? Number.NaN })}
      />
    </>
  );
}
