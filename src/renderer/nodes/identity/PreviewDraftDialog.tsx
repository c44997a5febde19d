import { Button, MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { SpacePreview, SpaceRow } from '#shared/contract/space.ts';
import type { Agent } from '#shared/model/agent.ts';
import { useSession } from '#state/session-context.ts';

import { PreviewResult } from './PreviewResult.tsx';
import { SpaceFinder } from './SpaceFinder.tsx';

const useStyles = makeStyles({
  finder: { display: 'flex', minHeight: '200px', height: '240px', flexShrink: 0 },
});

export interface PreviewDraftDialogProps {
  /** The agent as its sheet has it now, saved or not. */
  readonly draft: Agent;
  /** Attributes that its rules need and no import has brought: the preview cannot know their values. */
  readonly unread: readonly string[];
  onClose(): void;
}

/** Tries the rules of a sheet on one object before they are saved. */
export function PreviewDraftDialog({ draft, unread, onClose }: PreviewDraftDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const [[row], choose] = useState<readonly SpaceRow[]>([]);
  const [preview, setPreview] = useState<SpacePreview>();
  const [problem, setProblem] = useState<Problem>();
  const [asking, setAsking] = useState(false);
  const run = async (object: SpaceRow | undefined): Promise<void> => {
    if (object === undefined) return;
    setAsking(true);
    try {
      setPreview(await session.client.call('space.preview', { id: object.id, draft }));
      setProblem(undefined);
    } catch (error) {
      setPreview(undefined);
      setProblem(problemOf(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <ConsoleDialog
      title={`Preview the Rules of ${draft.name}`}
      width="800px"
      help="connector-space"
      onClose={onClose}
      buttons={
        <>
          <Button
            size="small"
            appearance="primary"
            disabled={row === undefined || asking}
            onClick={() => void run(row)}
          >
            Preview
          </Button>
          <Button size="small" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <span>
        Choose an object to see what the rules of this sheet would make of it. Nothing is saved and nothing
        happens.
      </span>
      {unread.length === 0 ? null : (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {`No import has read ${unread.join(', ')} yet. What depends on it shows after the rules are saved and a full import has run.`}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.finder}>
        <SpaceFinder
          agent={draft.id}
          initialScope="all"
          onSelect={choose}
          onOpen={(object) => void run(object)}
        />
      </div>
      <ProblemBar problem={problem} />
      {preview === undefined ? null : <PreviewResult preview={preview} />}
    </ConsoleDialog>
  );
}
