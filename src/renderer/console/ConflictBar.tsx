import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';

export interface ConflictBarProps {
  onRebase(): void;
}

/** Somebody else saved what a sheet was made from: how to go on without losing either. */
export function ConflictBar({ onRebase }: ConflictBarProps) {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>Somebody else changed the configuration meanwhile</MessageBarTitle> Nothing of yours
        is lost.
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={onRebase}>
          Read again and keep my edits
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
