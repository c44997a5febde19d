import { Link, makeStyles, tokens } from '@fluentui/react-components';

import { useConsole, useConsoleState } from '#console/console-context.ts';
import { childPath } from '#console/node-path.ts';
import type { ScopeNode } from '#console/scope-node.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

const useStyles = makeStyles({
  heading: { margin: '0 0 4px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  entries: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(120px, max-content) 20px 1fr',
    alignItems: 'center',
    columnGap: '8px',
    margin: 0,
  },
  entry: { display: 'contents' },
  link: {
    minHeight: '24px',
    display: 'inline-flex',
    alignItems: 'center',
    textAlign: 'left',
    fontSize: 'inherit',
    lineHeight: 'inherit',
    // Where a theme has no colours of its own, a line tells what can be clicked.
    '@media (forced-colors: active)': { textDecorationLine: 'underline' },
  },
  words: { color: tokens.colorNeutralForeground2 },
});

/** How a child node stands, in a few words. */
export interface EntryState {
  readonly words: string;
  /** Drawn before the words where something wants to be seen. */
  readonly icon?: IconName;
}

export interface NodeEntriesProps {
  readonly nodes: readonly Pick<ScopeNode, 'id' | 'label' | 'icon'>[];
  /** By node id. */
  readonly states: Readonly<Record<string, EntryState>>;
}

/** The nodes below the one that is shown, each with what there is to know before it is opened. */
export function NodeEntries({ nodes, states }: NodeEntriesProps) {
  const styles = useStyles();
  const { store } = useConsole();
  const selected = useConsoleState((state) => state.selected);
  return (
    <section aria-labelledby="node-entries">
      <h2 id="node-entries" className={styles.heading}>
        Open
      </h2>
      <div className={styles.entries}>
        {nodes.map(({ id, label, icon }) => {
          const state = states[id];
          return (
            <div key={id} className={styles.entry}>
              <Icon name={icon} />
              <span>
                <Link
                  as="button"
                  className={styles.link}
                  onClick={() => store.getState().reveal(childPath(selected, id))}
                >
                  {label}
                </Link>
              </span>
              {state?.icon === undefined ? <span /> : <Icon name={state.icon} />}
              <span className={styles.words}>{state?.words}</span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
