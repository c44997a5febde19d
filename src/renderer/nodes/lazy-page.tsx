import { makeStyles, Spinner } from '@fluentui/react-components';
import { type ComponentType, lazy, Suspense } from 'react';

const useStyles = makeStyles({ waiting: { padding: '24px' } });

/** A node's page whose code is loaded when somebody looks at it. */
export function lazyPage(load: () => Promise<ComponentType>): ComponentType {
  const Page = lazy(async () => ({ default: await load() }));
  return function LazyPage() {
    const styles = useStyles();
    return (
      <Suspense fallback={<Spinner className={styles.waiting} size="tiny" label="Loading..." />}>
        <Page />
      </Suspense>
    );
  };
}
