import { makeStyles, tokens } from '@fluentui/react-components';

/** What dialogs, sheets and wizards have in common: a column that fits the screen, under a title. */
export const useWindowStyles = makeStyles({
  surface: {
    maxWidth: '96vw',
    maxHeight: '98vh',
    padding: 0,
    // As dense as the panes.
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    // Nothing behind is dimmed: the edge says where the window ends.
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    display: 'flex',
    flexDirection: 'column',
  },
  title: {
    margin: 0,
    padding: '10px 12px',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
});
