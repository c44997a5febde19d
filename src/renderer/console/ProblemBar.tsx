import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';

import type { Problem } from './problem-of.ts';

/** A problem above the buttons of a sheet or wizard; nothing while there is none. */
export function ProblemBar({ problem }: { readonly problem: Problem | undefined }) {
  if (problem === undefined) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{problem.message}</MessageBarTitle> {problem.fix}
      </MessageBarBody>
    </MessageBar>
  );
}
