import type { Agent } from '#shared/model/agent.ts';
import type { Draft } from '#state/use-draft.ts';
import { TextField } from '#ui/TextField.tsx';

import { writeField } from '../field-text.ts';
import { KindFields } from '../KindFields.tsx';
import { isSystemKind, kindFields, signsIn } from '../kind-fields.ts';
import type { TypedSecret } from './typed-secret.ts';

export interface SystemPageProps {
  readonly draft: Draft<Agent>;
  readonly secret: TypedSecret;
}

/** Where a file, a database or an extension is, how its objects are named, and how passwords reach it. */
export function SystemPage({ draft, secret }: SystemPageProps) {
  const { value, change, errors } = draft;
  if (!isSystemKind(value.kind)) return null;
  return (
    <>
      <KindFields
        fields={kindFields[value.kind]}
        value={value}
        error={({ path }) => [...errors].find(([at]) => `${at}.`.startsWith(`${path.join('.')}.`))?.[1]}
        onChange={(field, text) => change(writeField(value, field, text))}
      />
      {signsIn(value.kind) ? (
        <TextField
          label="Password:"
          password
          hint="The stored password stays while this is empty"
          value={secret.text}
          onChange={secret.type}
        />
      ) : null}
    </>
  );
}
