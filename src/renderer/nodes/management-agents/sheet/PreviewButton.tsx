import { Button, makeStyles } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { type Agent, isDirectoryAgent } from '#shared/model/agent.ts';
import { attributesRead } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';

import { useAttempt } from '../../identity/use-attempt.ts';

const useStyles = makeStyles({ button: { alignSelf: 'flex-start' } });

/** Tries the rules of the sheet on an object. */
export function PreviewButton({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { openDialog } = useConsole();
  const attempt = useAttempt();
  const open = async (): Promise<void> => {
    const { PreviewDraftDialog } = await import('../../identity/PreviewDraftDialog.tsx');
    openDialog((close) => (
      <PreviewDraftDialog draft={draft.value} unread={unreadAttributes(draft)} onClose={close} />
    ));
  };
  const bad = draft.errors.size > 0;
  return (
    <Button
      size="small"
      className={styles.button}
      disabled={bad}
      title={bad ? 'Mend the marked values first' : undefined}
      onClick={() => attempt('Preview', open)}
    >
      Preview...
    </Button>
  );
}

/** What the rules of the sheet need and the imports so far did not ask the directory for. */
function unreadAttributes({ value, configuration }: Draft<Agent>): readonly string[] {
  const saved = configuration.agents.find(({ id }) => id === value.id);
  if (saved === undefined || !isDirectoryAgent(value)) return [];
  const read = new Set(attributesRead(saved).map((name) => name.toLowerCase()));
  return attributesRead(value).filter((name) => name !== '' && !read.has(name.toLowerCase()));
}
