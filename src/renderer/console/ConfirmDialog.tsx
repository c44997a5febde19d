import { QuestionDialog } from './QuestionDialog.tsx';
import type { Confirmation } from './verb.ts';

export interface ConfirmDialogProps {
  readonly confirmation: Confirmation;
  onAnswer(yes: boolean): void;
}

/** Asks before a verb does what cannot be undone. */
export function ConfirmDialog({ confirmation, onAnswer }: ConfirmDialogProps) {
  const { title, question, effect, answer } = confirmation;
  return (
    <QuestionDialog title={title} question={question} answer={answer} onAnswer={onAnswer}>
      <p>{effect}</p>
    </QuestionDialog>
  );
}
