import { Link, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { useConsole } from '#console/console-context.ts';
import type { Finding } from '#shared/contract/finding.ts';
import { useSession } from '#state/session-context.ts';
import { Icon } from '#ui/Icon.tsx';

import type { FoundPlace } from './place-of-finding.tsx';

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  finding: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr',
    gap: '2px 6px',
    padding: '4px 0',
    userSelect: 'text',
  },
  fix: { gridColumn: 2, color: tokens.colorNeutralForeground2 },
  place: {
    gridColumn: 2,
    justifySelf: 'start',
    minHeight: '24px',
    textAlign: 'left',
    fontSize: 'inherit',
    lineHeight: 'inherit',
    // Where a theme has no colours of its own, a line tells what can be clicked.
    '@media (forced-colors: active)': { textDecorationLine: 'underline' },
  },
});

export interface FindingsProps {
  readonly findings: readonly Finding[];
}

/** What needs attention, each with the way to where it is mended. */
export function Findings({ findings }: FindingsProps) {
  const styles = useStyles();
  const session = useSession();
  const { perform, store, openDialog, notify, startTask } = useConsole();
  const [places, setPlaces] = useState<ReadonlyMap<string, FoundPlace>>(new Map());
  const key = JSON.stringify(findings.map(({ place }) => place));
  useEffect(() => {
    let live = true;
    const find = async (): Promise<void> => {
      const { findPlaces } = await import('./place-of-finding.tsx');
      const services = { session, openDialog, notify, startTask };
      const reveal = (path: string): void => store.getState().reveal(path);
      const found = await findPlaces(JSON.parse(key) as Finding['place'][], services, reveal);
      if (live) setPlaces(found);
    };
    // Without them the findings still say what to do.
    find().catch(() => undefined);
    return () => {
      live = false;
    };
  }, [key, session, openDialog, notify, startTask, store]);
  return (
    <section>
      <h2 className={styles.heading}>What needs attention</h2>
      {findings.length === 0 ? (
        <div className={styles.finding}>
          <Icon name="good" />
          <span>Nothing</span>
        </div>
      ) : (
        findings.map((finding) => {
          const place = places.get(JSON.stringify(finding.place));
          return (
            <div key={`${finding.subject}${finding.message}`} className={styles.finding}>
              <Icon
                name={finding.severity === 'error' ? 'danger' : finding.severity}
                label={finding.severity}
              />
              <span>{isItsPlace(finding) ? finding.message : `${finding.subject}: ${finding.message}`}</span>
              <span className={styles.fix}>{finding.fix}</span>
              {place === undefined ? null : (
                <Link
                  as="button"
                  className={styles.place}
                  onClick={() =>
                    perform({ id: 'finding.open', label: place.label, slot: 'top', run: place.open })
                  }
                >
                  {place.label}
                </Link>
              )}
            </div>
          );
        })
      )}
    </section>
  );
}

/** Whether its subject is only the place of a setting: the message names the object by itself. */
function isItsPlace({ subject, place }: Finding): boolean {
  return place?.kind === 'setting' && place.path === subject;
}
