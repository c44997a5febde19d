import { Button, makeStyles } from '@fluentui/react-components';

import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { numberRange } from '#state/number-range.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { LinesField } from '#ui/LinesField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { errorBelow } from '../applications/application-words.ts';

const { retryCount, retryDelay, maxPending } = ssoAdapterSchema.shape;

const useStyles = makeStyles({
  checks: { display: 'flex', flexDirection: 'column' },
  pair: { display: 'grid', gridTemplateColumns: '1fr 1fr max-content', gap: '8px', alignItems: 'end' },
});

/** What the pages of sheet and wizard work on. */
export interface AdapterEdit {
  readonly value: SsoAdapter;
  readonly errors: ReadonlyMap<string, string>;
  readonly made: boolean;
  set(part: Partial<SsoAdapter>): void;
}

export function AdapterGeneralPage({ value, errors, made, set }: AdapterEdit) {
  const styles = useStyles();
  return (
    <>
      {made ? (
        <FactList
          facts={[
            { term: 'Adapter name:', value: value.name },
            { term: 'Group adapter:', value: value.kind === 'group-adapter' ? 'Yes' : 'No' },
          ]}
        />
      ) : (
        <TextField
          label="Adapter name:"
          required
          autoFocus
          hint="Without spaces; the adapter connects by this name"
          value={value.name}
          error={errors.get('name')}
          onChange={(name) => set({ name })}
        />
      )}
      <TextField
        label="Description:"
        value={value.description}
        error={errors.get('description') && 'Enter at most 1024 characters'}
        onChange={(description) => set({ description })}
      />
      <TextField
        label="Computer:"
        required
        hint="Full name of the host that the adapter runs on, such as intsvr1.fabrikam.com"
        value={value.computer}
        error={errors.get('computer')}
        onChange={(computer) => set({ computer })}
      />
      <div className={styles.checks}>
        {made ? null : (
          <CheckField
            label="Group adapter"
            checked={value.kind === 'group-adapter'}
            onChange={(isGroup) =>
              set(
                isGroup
                  ? { kind: 'group-adapter', sendChanges: false, receiveChanges: false }
                  : { kind: 'adapter' },
              )
            }
          />
        )}
        <CheckField
          label="Allow local accounts for access accounts"
          checked={value.allowLocalAccounts}
          onChange={(allowLocalAccounts) => set({ allowLocalAccounts })}
        />
        <CheckField
          label="Use SSO Affiliate Admin Accounts for Application Admin Accounts"
          checked={value.administratorsSameAsAffiliate}
          onChange={(same) =>
            set({
              administratorsSameAsAffiliate: same,
              administrators: same ? [] : value.administrators,
            })
          }
        />
      </div>
    </>
  );
}

export function AdapterAccountsPage({ value, errors, set }: AdapterEdit) {
  return (
    <>
      {value.administratorsSameAsAffiliate ? (
        <span>Application Administrators: the SSO Affiliate Administrators</span>
      ) : (
        <LinesField
          label="Application Administrators:"
          hint="One account or group a line"
          lines={value.administrators}
          error={errorBelow(errors, 'administrators')}
          onChange={(administrators) => set({ administrators: [...administrators] })}
        />
      )}
      <LinesField
        label="Application Users (access account):"
        hint="A group that the account of the adapter's process belongs to"
        lines={value.users}
        error={errorBelow(errors, 'users')}
        onChange={(users) => set({ users: [...users] })}
      />
    </>
  );
}

export function AdapterOptionsPage({ value, set }: AdapterEdit) {
  const styles = useStyles();
  const isGroup = value.kind === 'group-adapter';
  return (
    <>
      <div className={styles.checks}>
        <CheckField label="Enabled" checked={value.enabled} onChange={(enabled) => set({ enabled })} />
        <CheckField
          label="Receive password changes from adapter"
          checked={value.receiveChanges}
          disabled={isGroup}
          onChange={(receiveChanges) => set({ receiveChanges })}
        />
        <CheckField
          label="Verify old password"
          checked={value.verifyOldPassword}
          onChange={(verifyOldPassword) => set({ verifyOldPassword })}
        />
        <CheckField
          label="Change Windows password"
          checked={value.changeWindowsPassword}
          disabled={isGroup}
          onChange={(changeWindowsPassword) => set({ changeWindowsPassword })}
        />
        <CheckField
          label="Send Windows password changes to adapter"
          checked={value.sendChanges}
          disabled={isGroup}
          onChange={(sendChanges) => set({ sendChanges })}
        />
        <CheckField
          label="Send old password to adapter"
          checked={value.sendOldPassword}
          onChange={(sendOldPassword) => set({ sendOldPassword })}
        />
        <CheckField
          label="Allow mapping conflicts"
          checked={value.allowMappingConflicts}
          onChange={(allowMappingConflicts) => set({ allowMappingConflicts })}
        />
      </div>
      <span>
        {isGroup
          ? 'A group adapter takes and gives no passwords itself; the adapters in its group do.'
          : 'A direction works only while the system has it enabled too: System Properties, Options.'}
      </span>
    </>
  );
}

export function AdapterSystemPage({ value, set }: AdapterEdit) {
  return (
    <>
      <NumberField
        label="Notification Retry Count:"
        value={value.retryCount}
        {...numberRange(retryCount)}
        onChange={(count) => set({ retryCount: count ?? Number.NaN })}
      />
      <NumberField
        label="Notification Retry Delay (in mins):"
        value={value.retryDelay}
        {...numberRange(retryDelay)}
        onChange={(minutes) => set({ retryDelay: minutes ?? Number.NaN })}
      />
      <NumberField
        label="Maximum Pending Notifications:"
        value={value.maxPending}
        {...numberRange(maxPending)}
        onChange={(count) => set({ maxPending: count ?? Number.NaN })}
      />
      <CheckField
        label="Store Notifications (when offline)"
        checked={value.storeNotifications}
        onChange={(storeNotifications) => set({ storeNotifications })}
      />
    </>
  );
}

/** What only this adapter knows: names and values that it asks for when it connects. */
export function AdapterCustomPage({ value, errors, set }: AdapterEdit) {
  const styles = useStyles();
  const pairs = Object.entries(value.properties);
  const write = (next: readonly (readonly [string, string])[]): void =>
    set({ properties: Object.fromEntries(next) });
  const change = (index: number, pair: readonly [string, string]): void =>
    write(pairs.map((each, at) => (at === index ? pair : each)));
  const fresh = (): string => {
    const suggestions = ['Server name', 'Port number'];
    const names = new Set(pairs.map(([name]) => name));
    let name = suggestions.find((each) => !names.has(each));
    for (let count = 1; name === undefined; count += 1)
      if (!names.has(`Property ${count}`)) name = `Property ${count}`;
    return name;
  };
  return (
    <>
      {pairs.length === 0 ? <span>The adapter has no properties of its own.</span> : null}
      {pairs.map(([name, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name itself is edited
        <div key={index} className={styles.pair} role="group" aria-label={`Property ${index + 1}`}>
          <TextField
            label="Property:"
            value={name}
            onChange={(next) => {
              if (next === name || !pairs.some(([other]) => other === next)) change(index, [next, text]);
            }}
          />
          <TextField label="Value:" value={text} onChange={(next) => change(index, [name, next])} />
          <Button
            size="small"
            aria-label={`Remove ${name}`}
            onClick={() => write(pairs.filter((_, at) => at !== index))}
          >
            Remove
          </Button>
        </div>
      ))}
      {errorBelow(errors, 'properties') === undefined ? null : (
        <span role="alert">A property begins with a letter and has letters, digits, space, _, . and -</span>
      )}
      <div>
        <Button size="small" onClick={() => write([...pairs, [fresh(), '']])}>
          Add property
        </Button>
      </div>
    </>
  );
}
