import { makeStyles, tokens } from '@fluentui/react-components';

import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyle: 'none', display: 'flex', flexDirection: 'column', gap: '6px' },
  notice: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    gap: '0 6px',
    userSelect: 'text',
    overflowWrap: 'anywhere',
  },
  detail: { gridColumn: 2, color: tokens.colorNeutralForeground2 },
});

interface Notice {
  readonly icon: Extract<IconName, 'danger' | 'warning'>;
  readonly title: string;
  readonly detail?: string;
}

/** What a restore cannot bring, or what follows it, each with what to do. */
export function NoticeList({ notices }: { readonly notices: readonly Notice[] }) {
  const styles = useStyles();
  if (notices.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="What is to be done">
      {notices.map(({ icon, title, detail }) => (
        <li key={title} className={styles.notice}>
          <Icon name={icon} label={icon === 'danger' ? 'Mistake' : 'Note'} />
          <span>{title}</span>
          {detail === undefined ? null : <span className={styles.detail}>{detail}</span>}
        </li>
      ))}
    </ul>
  );
}
