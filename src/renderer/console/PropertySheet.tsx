import {
  Button,
  Dialog,
  DialogSurface,
  makeStyles,
  mergeClasses,
  Tab,
  TabList,
  tokens,
} from '@fluentui/react-components';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { ConflictBar } from './ConflictBar.tsx';
import { useConsole } from './console-context.ts';
import { focusPane } from './focus-pane.ts';
import { ProblemBar } from './ProblemBar.tsx';
import { type Problem, problemOf } from './problem-of.ts';
import { useFloating } from './use-floating.ts';
import { useWindowStyles } from './use-window-styles.ts';
import { WindowFoot } from './WindowFoot.tsx';

const useStyles = makeStyles({
  surface: { width: '640px' },
  // Gives way where the window is low; title, tabs and buttons stay.
  body: { flexShrink: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  title: { paddingBottom: '6px', cursor: 'move', userSelect: 'none', touchAction: 'none' },
  tabs: { padding: '0 8px', flexWrap: 'wrap', flexShrink: 0 },
  tab: { padding: '4px 8px', minHeight: '28px' },
  page: {
    padding: '12px',
    // One height for every page: the sheet does not jump when they are turned.
    flex: '0 1 380px',
    boxSizing: 'border-box',
    minHeight: 0,
    overflow: 'auto',
    '& > button': { flexShrink: 0 },
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '10px',
  },
  wide: { width: '800px' },
  listed: {
    display: 'grid',
    gridTemplateColumns: 'clamp(140px, 37%, 296px) minmax(0, 1fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    height: '430px',
  },
  list: { padding: '4px', overflow: 'auto', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  listTab: {
    justifyContent: 'flex-start',
    textAlign: 'left',
    minHeight: '28px',
    padding: '4px 10px',
    '@media (min-width: 800px)': { whiteSpace: 'nowrap' },
  },
  badTab: { display: 'inline-flex', alignItems: 'center', gap: '4px' },
});

export interface SheetPage {
  readonly id: string;
  readonly title: string;
  /** Page of the guide, the sheet's own where absent. */
  readonly help?: string;
  readonly content: ReactNode;
  /** Whether some field of the page does not hold. */
  readonly invalid: boolean;
}

export interface PropertySheetProps {
  /** `<object> Properties`. */
  readonly title: string;
  readonly pages: readonly SheetPage[];
  readonly help: string;
  /** Whether something differs from what was read. */
  readonly dirty: boolean;
  /**
   * Saves the draft; throws what to show, and the sheet stays open with its edits. A sheet that is only read has none,
   * and Close in place of the three buttons.
   */
  onApply?(): Promise<void>;
  onClose(): void;
  /** The command line that does the same as Apply. */
  readonly command?: string | undefined;
  /** Pages in a list at the side, where they are many or their names long. */
  readonly listed?: boolean;
  /** Id of the page that is shown first, the first one where absent. */
  readonly startPage?: string | undefined;
  /** Somebody else saved meanwhile: Apply would be refused until `onRebase` has read that and kept the edits. */
  readonly stale?: boolean;
  onRebase?(): Promise<void>;
}

/**
 * A property sheet with the rules of Windows: beside the console, one for each object, Apply only when something changed, OK applies and closes, Cancel
 * discards, and nothing unsaved is lost when saving fails.
 */
export function PropertySheet(props: PropertySheetProps) {
  const {
    title,
    pages,
    dirty,
    onApply,
    onClose,
    command,
    help,
    listed = false,
    stale = false,
    onRebase,
  } = props;
  const frame = useWindowStyles();
  const styles = useStyles();
  const services = useConsole();
  const [current, setCurrent] = useState(props.startPage ?? pages[0]?.id);
  const [problem, setProblem] = useState<Problem>();
  const [saving, setSaving] = useState(false);
  const page = pages.find(({ id }) => id === current) ?? pages[0];
  const bad = pages.find(({ invalid }) => invalid);

  const prefix = useId();
  const panel = useRef<HTMLDivElement>(null);
  const floating = useFloating(title, onClose);
  const [toFix, setToFix] = useState(0);
  useEffect(() => {
    if (toFix > 0) panel.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [toFix]);

  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setSaving(true);
    try {
      await work();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    } finally {
      setSaving(false);
    }
  };
  const apply = async (): Promise<boolean> => {
    // By its key; the buttons are disabled.
    if (saving) return false;
    if (bad !== undefined) {
      setCurrent(bad.id);
      setToFix((times) => times + 1);
      return false;
    }
    return await attempt(async () => {
      if (dirty) await onApply?.();
    });
  };
  const accept = async (): Promise<void> => {
    if (await apply()) onClose();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const turn = event.ctrlKey && (event.key === 'Tab' || event.key === 'PageDown' || event.key === 'PageUp');
    if (turn) {
      event.preventDefault();
      const back = event.shiftKey || event.key === 'PageUp';
      const at = pages.findIndex(({ id }) => id === page?.id) + (back ? -1 : 1);
      setCurrent(pages[(at + pages.length) % pages.length]?.id);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      void accept();
    } else if (event.altKey && event.key.toLowerCase() === 'a' && dirty) {
      event.preventDefault();
      void apply();
    } else if (event.key === 'F6') {
      event.preventDefault();
      focusPane(event.shiftKey ? -1 : 1);
    } else if (event.key === 'F1') {
      event.preventDefault();
      event.stopPropagation();
      services.help(page?.help ?? help);
    }
  };

  return (
    <Dialog open modalType="non-modal">
      <DialogSurface
        ref={floating.surface}
        className={mergeClasses(frame.surface, styles.surface, listed && styles.wide)}
        style={floating.style}
        aria-label={title}
        data-unsaved={dirty ? '' : undefined}
        onKeyDown={onKeyDown}
        onFocusCapture={floating.onFocusCapture}
      >
        <h1 className={mergeClasses(frame.title, styles.title)} onPointerDown={floating.onPointerDown}>
          {title}
        </h1>
        <div className={mergeClasses(styles.body, listed && styles.listed)}>
          <TabList
            className={listed ? styles.list : styles.tabs}
            size="small"
            vertical={listed}
            selectedValue={page?.id}
            onTabSelect={(_, { value }) => setCurrent(String(value))}
          >
            {pages.map(({ id, title: name, invalid }) => (
              <Tab
                key={id}
                value={id}
                id={`${prefix}${id}`}
                aria-controls={id === page?.id ? `${prefix}page` : undefined}
                className={listed ? styles.listTab : styles.tab}
              >
                {invalid ? (
                  <span className={styles.badTab}>
                    <Icon name="danger" label="Has a value that is not valid" /> {name}
                  </span>
                ) : (
                  name
                )}
              </Tab>
            ))}
          </TabList>
          <div
            ref={panel}
            role="tabpanel"
            id={`${prefix}page`}
            aria-labelledby={`${prefix}${page?.id}`}
            className={styles.page}
          >
            {page?.content}
          </div>
        </div>
        {stale && onRebase !== undefined ? <ConflictBar onRebase={() => void attempt(onRebase)} /> : null}
        <ProblemBar problem={problem} />
        <WindowFoot command={command}>
          {onApply === undefined ? (
            <Button size="small" appearance="primary" onClick={onClose}>
              Close
            </Button>
          ) : (
            <>
              <Button size="small" appearance="primary" disabled={saving} onClick={accept}>
                OK
              </Button>
              <Button size="small" onClick={onClose}>
                Cancel
              </Button>
              <Button size="small" disabled={!dirty || saving} onClick={apply}>
                Apply
              </Button>
            </>
          )}
        </WindowFoot>
      </DialogSurface>
    </Dialog>
  );
}
