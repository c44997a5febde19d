import type { Agent } from '#shared/model/agent.ts';
import type { Provisioning } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { LinesField } from '#ui/LinesField.tsx';

import { ExpressionField } from './ExpressionField.tsx';

const newRule: Provisioning = { dn: '', objectClasses: ['inetOrgPerson'] };

/** Configure Provisioning: which persons get an object in this directory, and what it is called. */
export function ProvisioningPage({ draft }: { readonly draft: Draft<Agent> }) {
  const { value, change, errors } = draft;
  const { provision } = value;
  const set = (part: Partial<Provisioning>): void =>
    change({ ...value, provision: { ...(provision ?? newRule), ...part } });
  const toggle = (on: boolean): void => {
    const { provision: _, ...others } = value;
    change(on ? { ...value, provision: newRule } : others);
  };
  return (
    <>
      <CheckField
        label="Make an object here for persons that have none"
        checked={provision !== undefined}
        onChange={toggle}
      />
      {provision === undefined ? (
        <span>Without provisioning this agent only writes to objects that an import has found.</span>
      ) : (
        <>
          <ExpressionField
            label="For persons that this expression holds for (all of them where empty):"
            value={provision.when ?? ''}
            example={'object.department == "Sales"'}
            error={errors.get('provision.when')}
            onChange={(when) => {
              const { when: _, ...others } = provision;
              change({ ...value, provision: when.trim() === '' ? others : { ...others, when } });
            }}
          />
          <ExpressionField
            label="Distinguished name:"
            value={provision.dn}
            example={'"uid=" + object.uid + ",ou=people,dc=fabrikam,dc=com"'}
            error={errors.get('provision.dn') && 'Enter an expression that gives the distinguished name'}
            onChange={(dn) => set({ dn })}
          />
          <LinesField
            label="Object classes (one a line):"
            lines={provision.objectClasses}
            error={errors.get('provision.objectClasses')}
            onChange={(objectClasses) => set({ objectClasses: [...objectClasses] })}
          />
        </>
      )}
    </>
  );
}
