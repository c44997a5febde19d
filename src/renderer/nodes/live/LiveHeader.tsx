import { makeStyles, tokens } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';

import { FilterBar } from '../changes/FilterBar.tsx';
import { liveFilter } from './live-filter.ts';
import { livePause } from './use-live-changes.ts';

const useStyles = makeStyles({
  paused: {
    padding: '4px 8px',
    backgroundColor: tokens.colorStatusWarningBackground1,
    color: tokens.colorStatusWarningForeground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

const RecentHour = lazy(async () => ({ default: (await import('./RecentHour.tsx')).RecentHour }));

/** Above the moving rows: the last hour as charts, the filter, and whether the list stands still. */
export function LiveHeader() {
  const styles = useStyles();
  const paused = useStore(livePause, (state) => state.paused);
  return (
    <>
      <Suspense fallback={null}>
        <RecentHour />
      </Suspense>
      <FilterBar store={liveFilter} />
      {paused ? (
        <div role="status" className={styles.paused}>
          Paused: the list stands still while changes go on. Click Pause again to follow them.
        </div>
      ) : null}
    </>
  );
}
