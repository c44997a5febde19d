import { makeStyles, tokens } from '@fluentui/react-components';

import { useConsole } from './console-context.ts';
import { groupVerbs, type Verb } from './verb.ts';

const useStyles = makeStyles({
  pane: { overflow: 'auto', flexGrow: 1, backgroundColor: tokens.colorNeutralBackground2 },
  heading: {
    margin: 0,
    padding: '4px 8px',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground4,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  list: { listStyleType: 'none', margin: 0, padding: '2px 0' },
  divider: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  action: {
    display: 'block',
    width: '100%',
    minHeight: '24px',
    padding: '2px 8px 2px 16px',
    border: 'none',
    background: 'none',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    textAlign: 'left',
    ':hover:enabled': {
      backgroundColor: tokens.colorSubtleBackgroundHover,
      color: tokens.colorNeutralForeground1Hover,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    ':disabled': { color: tokens.colorNeutralForegroundDisabled },
  },
  standard: { fontWeight: tokens.fontWeightSemibold },
});

export interface ActionGroup {
  readonly heading: string;
  readonly verbs: readonly Verb[];
}

/** The verbs of the node and of the selection, one group each. */
export function ActionsPane({ groups }: { readonly groups: readonly ActionGroup[] }) {
  const styles = useStyles();
  const { perform } = useConsole();
  return (
    <section aria-label="Actions" className={styles.pane} data-pane tabIndex={-1}>
      {groups.map(({ heading, verbs }) => (
        <div key={heading}>
          <h2 className={styles.heading} title={heading}>
            {heading}
          </h2>
          {groupVerbs(verbs).map((group, index) => (
            <ul key={group[0]?.id} className={index === 0 ? styles.list : `${styles.list} ${styles.divider}`}>
              {group.map((verb) => (
                <li key={verb.id}>
                  <button
                    type="button"
                    className={verb.isDefault ? `${styles.action} ${styles.standard}` : styles.action}
                    disabled={verb.disabled !== undefined}
                    aria-pressed={verb.checked}
                    title={verb.disabled ?? verb.shortcut}
                    onClick={() => perform(verb)}
                  >
                    {verb.label}
                  </button>
                </li>
              ))}
            </ul>
          ))}
        </div>
      ))}
    </section>
  );
}
