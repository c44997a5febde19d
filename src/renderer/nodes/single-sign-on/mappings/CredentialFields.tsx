import type { SsoApplication } from '#shared/model/sso-application.ts';
import { TextField } from '#ui/TextField.tsx';

/** What is typed for the fields behind the external user ID; never read back. */
export interface TypedCredentials {
  /** By the place of the field, each with its confirmation. */
  readonly values: readonly string[];
  readonly confirmations: readonly string[];
  /** Empty where it stays as it is. */
  readonly windowsPassword: string;
}

export function emptyCredentials({ fields }: SsoApplication): TypedCredentials {
  const values = fields.slice(1).map(() => '');
  return { values, confirmations: values, windowsPassword: '' };
}

/** What does not hold, by the label of its field. */
export function findCredentialProblems(
  { fields }: SsoApplication,
  { values, confirmations }: TypedCredentials,
): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  for (const [index, { label, masked }] of fields.slice(1).entries()) {
    if (values[index] === '') problems.set(label, 'Enter a value');
    else if (masked && values[index] !== confirmations[index])
      problems.set(`Confirm ${label}`, 'Is not the same as above');
  }
  return problems;
}

export interface CredentialFieldsProps {
  readonly application: SsoApplication;
  readonly typed: TypedCredentials;
  readonly problems: ReadonlyMap<string, string>;
  /** Starts at the first box. */
  readonly autoFocus?: boolean;
  onChange(typed: TypedCredentials): void;
}

/** One box for each credential field, masked ones twice, and the Windows password where an adapter needs it. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { application, typed, problems, autoFocus = false, onChange } = props;
  const change = (name: 'values' | 'confirmations', index: number, text: string): void =>
    onChange({ ...typed, [name]: typed[name].map((value, at) => (at === index ? text : value)) });
  return (
    <>
      {application.fields
        .slice(1)
        .map(({ label, masked }, index) => [
          <TextField
            key={label}
            label={`${label}:`}
            required
            autoFocus={autoFocus && index === 0}
            password={masked}
            value={typed.values[index] ?? ''}
            error={problems.get(label)}
            onChange={(text) => change('values', index, text)}
          />,
          masked ? (
            <TextField
              key={`confirm ${label}`}
              label={`Confirm ${label}:`}
              required
              password
              value={typed.confirmations[index] ?? ''}
              error={problems.get(`Confirm ${label}`)}
              onChange={(text) => change('confirmations', index, text)}
            />
          ) : null,
        ])}
      {application.adapter === undefined ? null : (
        <TextField
          label="Windows password:"
          password
          hint="Full synchronization changes it in the domain with it; what is stored stays where this is empty"
          value={typed.windowsPassword}
          onChange={(windowsPassword) => onChange({ ...typed, windowsPassword })}
        />
      )}
    </>
  );
}
