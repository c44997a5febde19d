import { makeStyles, mergeClasses } from '@fluentui/react-components';

import { type IconDrawing, type IconName, iconPaths } from './icon-paths.ts';

const useStyles = makeStyles({
  icon: { width: '16px', height: '16px', flexShrink: 0, display: 'block', forcedColorAdjust: 'auto' },
  // Forced colours paint body and sign alike: the sign takes the background's, or every state would be a disc.
  sign: { '@media (forced-colors: active)': { forcedColorAdjust: 'none', stroke: 'Canvas' } },
  neutral: { color: 'var(--iconNeutral)' },
  accent: { color: 'var(--iconAccent)' },
  folder: { color: 'var(--iconFolder)' },
  good: { color: 'var(--iconGood)' },
  warning: { color: 'var(--iconWarning)' },
  danger: { color: 'var(--iconDanger)' },
  quiet: { color: 'var(--iconQuiet)' },
});

export interface IconProps {
  readonly name: IconName;
  /** Spoken name; the icon is decoration where absent. */
  readonly label?: string;
}

export function Icon({ name, label }: IconProps) {
  const styles = useStyles();
  const drawing: IconDrawing = iconPaths[name];
  const solid = drawing.fill !== undefined;
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg
      viewBox="0 0 16 16"
      className={mergeClasses(styles.icon, styles[drawing.tone])}
      focusable="false"
      {...named}
    >
      {label === undefined ? null : <title>{label}</title>}
      {solid ? <path d={drawing.fill} fill="currentColor" fillOpacity={isState(name) ? 1 : 0.22} /> : null}
      {drawing.line === undefined ? null : (
        <path
          className={isState(name) ? styles.sign : undefined}
          d={drawing.line}
          fill="none"
          stroke={isState(name) ? 'var(--iconOnState)' : 'currentColor'}
          strokeWidth={1.3}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </svg>
  );
}

const states: ReadonlySet<IconName> = new Set([
  'good',
  'waiting',
  'warning',
  'danger',
  'stopped',
  'parked',
  'superseded',
  'shadow',
  'information',
]);

/** State icons are solid with the sign cut out in the background's colour. */
function isState(name: IconName): boolean {
  return states.has(name);
}
