import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({ words: { color: tokens.colorNeutralForeground1 } });

export interface ChoiceLabelProps {
  readonly words: string;
  readonly disabled?: boolean | undefined;
}

/** Words beside a check box or radio button: grey means disabled here, not merely unchecked. */
export function ChoiceLabel({ words, disabled }: ChoiceLabelProps) {
  const styles = useStyles();
  return <span className={disabled === true ? undefined : styles.words}>{words}</span>;
}
