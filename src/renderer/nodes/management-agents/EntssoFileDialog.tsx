import { Button, Field, makeStyles, Textarea } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { problemOf } from '#console/problem-of.ts';
import type { Session } from '#state/session.ts';

const useStyles = makeStyles({
  text: { fontFamily: 'monospace', '& textarea': { maxHeight: 'none' } },
});
/** What somebody who has no file yet begins with. */
const template = `<sso>
  <SourceMA name="HRMA" objectType="person" attribute="uid"/>
  <ENTSSOMA name="NAME" adma="ADMA" deleteAll="true">
    <Application name="Payroll" sourceMA="HRMA" create="true" delete="true"/>
  </ENTSSOMA>
</sso>
`;

export interface EntssoFileDialogProps {
  readonly agentName: string;
  readonly session: Session;
  /** The file and the revision that it was read at. */
  readonly reading: { readonly text: string; readonly revision: string };
  onClose(): void;
}

/** ENTSSO.xml: one file for all agents of single sign-on, checked while it is typed. */
export function EntssoFileDialog({ agentName, session, reading, onClose }: EntssoFileDialogProps) {
  const styles = useStyles();
  const [text, setText] = useState(
    reading.text.includes('<ENTSSOMA') ? reading.text : template.replace('NAME', agentName),
  );
  const [problem, setProblem] = useState<string | undefined>();
  const write = (checkOnly: boolean) =>
    session.client.call('entsso.write', { text, revision: reading.revision, checkOnly });
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      session.client
        .call('entsso.write', { text, revision: reading.revision, checkOnly: true })
        .then(() => isCurrent && setProblem(undefined))
        .catch((error: unknown) => isCurrent && setProblem(problemOf(error).message));
    }, 300);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, session, reading.revision]);
  const accept = (): void => {
    write(false)
      .then(onClose)
      .catch((error: unknown) => setProblem(problemOf(error).message));
  };
  return (
    <ConsoleDialog
      title="ENTSSO.xml"
      width="680px"
      onClose={onClose}
      buttons={
        <>
          <Button size="small" appearance="primary" disabled={problem !== undefined} onClick={accept}>
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <span>Whose mappings the agents of Enterprise Single Sign-On make. Names are case-sensitive.</span>
      <Field
        label="File:"
        size="small"
        validationMessage={problem ?? 'The file holds'}
        validationState={problem === undefined ? 'success' : 'error'}
      >
        <Textarea
          size="small"
          rows={14}
          resize="vertical"
          spellCheck={false}
          className={styles.text}
          value={text}
          onChange={(_, data) => setText(data.value)}
        />
      </Field>
    </ConsoleDialog>
  );
}
