import {
  Button,
  Dialog,
  DialogSurface,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Tab,
  TabList,
  tokens,
} from '@fluentui/react-components';
import { type KeyboardEvent, type ReactNode, useState } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { useConsole } from './console-context.ts';

const useStyles = makeStyles({
  surface: { width: '520px', maxWidth: '96vw', padding: 0, display: 'flex', flexDirection: 'column' },
  title: {
    margin: 0,
    padding: '10px 12px 6px',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  tabs: { padding: '0 8px', flexWrap: 'wrap' },
  tab: { padding: '4px 8px', minHeight: '28px' },
  page: {
    padding: '12px',
    minHeight: '300px',
    maxHeight: '60vh',
    overflow: 'auto',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '10px',
  },
  buttons: {
    display: 'flex',
    gap: '8px',
    padding: '10px 12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  command: { marginRight: 'auto' },
  code: {
    userSelect: 'text',
    whiteSpace: 'pre-wrap',
    margin: 0,
    padding: '8px 12px',
    fontSize: tokens.fontSizeBase200,
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
  /** Saves the draft; throws what to show, and the sheet stays open with its edits. */
  onApply(): Promise<void>;
  onClose(): void;
  /** The command line that does the same as Apply. */
  readonly command?: string;
}

/**
 * A property sheet with the rules of Windows: Apply only when something changed, OK applies and closes, Cancel
 * discards, and nothing unsaved is lost when saving fails.
 */
export function PropertySheet(props: PropertySheetProps) {
  const { title, pages, dirty, onApply, onClose, command, help } = props;
  const styles = useStyles();
  const services = useConsole();
  const [current, setCurrent] = useState(pages[0]?.id);
  const [problem, setProblem] = useState<{ readonly message: string; readonly fix?: string }>();
  const [saving, setSaving] = useState(false);
  const [commandShown, showCommand] = useState(false);
  const page = pages.find(({ id }) => id === current) ?? pages[0];
  const bad = pages.find(({ invalid }) => invalid);

  const apply = async (): Promise<boolean> => {
    if (bad !== undefined) {
      setCurrent(bad.id);
      return false;
    }
    setSaving(true);
    try {
      if (dirty) await onApply();
      setProblem(undefined);
      return true;
    } catch (error) {
      const fix =
        error instanceof Error && 'fix' in error && typeof error.fix === 'string' ? error.fix : undefined;
      const message = error instanceof Error ? error.message : 'The service gave no reason';
      setProblem(fix === undefined ? { message } : { message, fix });
      return false;
    } finally {
      setSaving(false);
    }
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
    } else if (event.key === 'F1') {
      event.preventDefault();
      event.stopPropagation();
      services.help(page?.help ?? help);
    }
  };

  return (
    <Dialog open modalType="modal">
      <DialogSurface
        className={styles.surface}
        aria-label={title}
        onKeyDown={onKeyDown}
        backdrop={{ style: { backgroundColor: 'transparent' } }}
      >
        <h1 className={styles.title}>{title}</h1>
        <TabList
          className={styles.tabs}
          size="small"
          selectedValue={page?.id}
          onTabSelect={(_, { value }) => setCurrent(String(value))}
        >
          {pages.map(({ id, title: name, invalid }) => (
            <Tab key={id} value={id} id={`tab-${id}`} className={styles.tab}>
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
        <div role="tabpanel" aria-labelledby={`tab-${page?.id}`} className={styles.page}>
          {page?.content}
        </div>
        {problem === undefined ? null : (
          <MessageBar intent="error">
            <MessageBarBody>
              <MessageBarTitle>{problem.message}</MessageBarTitle> {problem.fix}
            </MessageBarBody>
          </MessageBar>
        )}
        {commandShown && command !== undefined ? <pre className={styles.code}>{command}</pre> : null}
        <div className={styles.buttons}>
          {command === undefined ? null : (
            <Button
              className={styles.command}
              size="small"
              appearance="subtle"
              aria-expanded={commandShown}
              onClick={() => showCommand(!commandShown)}
            >
              Show command
            </Button>
          )}
          <Button
            size="small"
            appearance="primary"
            disabled={saving}
            style={{ marginLeft: command === undefined ? 'auto' : 0 }}
            onClick={accept}
          >
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
          <Button size="small" disabled={!dirty || saving || bad !== undefined} onClick={apply}>
            Apply
          </Button>
        </div>
      </DialogSurface>
    </Dialog>
  );
}
