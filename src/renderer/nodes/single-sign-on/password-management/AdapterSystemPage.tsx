import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { numberRange } from '#state/number-range.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { NumberField } from '#ui/NumberField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

const { retryCount, retryDelay, maxPending } = ssoAdapterSchema.shape;

/** System: how often and how long a notification is tried. */
export function AdapterSystemPage({ value, set }: DefinitionEdit<SsoAdapter>) {
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
