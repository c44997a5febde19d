import { makeStyles } from '@fluentui/react-components';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { type ApplicationField, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

/** As many as the schema takes. */
const mostFields = 16;

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: '6px', margin: 0, padding: 0, border: 'none' },
  field: {
    display: 'grid',
    gridTemplateColumns: '240px max-content max-content',
    gap: '8px',
    alignItems: 'start',
    '@media (max-width: 700px)': {
      gridTemplateColumns: 'max-content max-content',
      '& > :first-child': { gridColumn: '1 / -1' },
    },
  },
  check: { paddingTop: '20px', '@media (max-width: 700px)': { paddingTop: 0 } },
});

export interface FieldsPageProps extends DefinitionEdit<SsoApplication> {
  /** Fields that are made already: their nature is fixed. */
  readonly fixed: number;
}

/** Fields: the external user ID, and the credentials behind it. */
export function FieldsPage({ value, errors, made, fixed, set }: FieldsPageProps) {
  const styles = useStyles();
  const { fields } = value;
  const change = (index: number, part: Partial<ApplicationField>): void =>
    set({
      fields: fields.map((field, at) => {
        if (at === index) return { ...field, ...part };
        // Only one field is synchronized.
        return part.synchronized === true && at >= fixed ? { ...field, synchronized: false } : field;
      }),
    });
  const resize = (count: number | undefined): void => {
    if (count === undefined || Number.isNaN(count) || count < Math.max(1, fixed) || count > mostFields)
      return;
    const more = Array.from({ length: Math.max(0, count - fields.length) }, (_, index) => ({
      label: `Field ${fields.length + index + 1}`,
      masked: true,
      synchronized: false,
    }));
    set({ fields: [...fields.slice(0, count), ...more] });
  };
  const issue = ssoApplicationSchema.shape.fields.safeParse(fields).success
    ? undefined
    : errors.get('fields');
  return (
    <>
      <NumberField
        label="Number of fields:"
        value={fields.length}
        min={Math.max(1, fixed)}
        max={mostFields}
        onChange={resize}
      />
      <div className={styles.fields}>
        {fields.map(({ label, masked, synchronized }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields are known by their place
          <div key={index} className={styles.field} role="group" aria-label={`Field ${index + 1}`}>
            <TextField
              label={index === 0 ? 'Field 1 (external user ID):' : `Field ${index + 1}:`}
              value={label}
              error={errors.get(`fields.${index}.label`) && 'Enter 1 to 128 characters'}
              onChange={(text) => change(index, { label: text })}
            />
            <div className={styles.check}>
              <CheckField
                label="Masked"
                checked={masked}
                disabled={index === 0 || index < fixed}
                onChange={(next) => change(index, { masked: next })}
              />
            </div>
            <div className={styles.check}>
              <CheckField
                label="Synchronized"
                checked={synchronized}
                disabled={index === 0 || index < fixed}
                onChange={(next) => change(index, { synchronized: next })}
              />
            </div>
          </div>
        ))}
      </div>
      {issue === undefined ? null : <span role="alert">{issue}</span>}
      <CheckField
        label="Credentials are Windows credentials"
        checked={value.windowsCredentials}
        disabled={made || value.type !== 'individual'}
        onChange={(windowsCredentials) => set({ windowsCredentials })}
      />
      <CheckField
        label="Credentials are restricted"
        checked={value.restrictedCredentials}
        disabled={made || value.type !== 'group'}
        onChange={(restrictedCredentials) => set({ restrictedCredentials })}
      />
      <span>
        {fields.length === 2
          ? 'Of two fields the second is synchronized, whether it says so or not.'
          : 'One field at most is synchronized.'}
        {made ? ' Masked and Synchronized are fixed once a field is made.' : ''}
      </span>
    </>
  );
}
