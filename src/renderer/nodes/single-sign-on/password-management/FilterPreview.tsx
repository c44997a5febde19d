import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { type PasswordFilterRules, passwordFilterRulesSchema } from '#shared/model/sso-password-filter.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import {
  applyPasswordFilter,
  findFilterCollisions,
  PasswordFilterError,
} from '#shared/text/password-filter.ts';
import { GroupBox } from '#ui/GroupBox.tsx';
import { TextField } from '#ui/TextField.tsx';

const useStyles = makeStyles({
  result: {
    fontFamily: tokens.fontFamilyMonospace,
    userSelect: 'text',
    overflowWrap: 'anywhere',
    minHeight: '20px',
  },
  warnings: { margin: 0, paddingLeft: '16px' },
});

/** Filter results: what the rules make of a sample, by the code that delivers, and what they make the same. */
export function FilterPreview({ rules }: { readonly rules: PasswordFilterRules }) {
  const styles = useStyles();
  const [sample, setSample] = useState('Sample-Passw0rd!');
  const holds = passwordFilterRulesSchema.safeParse(rules).success;
  const warnings = holds ? findFilterCollisions(rules) : [];
  return (
    <GroupBox label="Filter results">
      <TextField label="Original (no password in use):" value={sample} onChange={setSample} />
      <span>
        Filtered:{' '}
        <output className={styles.result}>
          {holds ? filterText(rules, sample) : 'The rules do not hold'}
        </output>
      </span>
      {warnings.length === 0 ? null : (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            Different passwords may become the same:
            <ul className={styles.warnings}>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
    </GroupBox>
  );
}

function filterText(rules: PasswordFilterRules, sample: string): string {
  try {
    using original = SecretBytes.take(new TextEncoder().encode(sample));
    using filtered = applyPasswordFilter(rules, original);
    return new TextDecoder().decode(filtered.bytes);
  } catch (error) {
    if (error instanceof PasswordFilterError) return error.message;
    throw error;
  }
}
