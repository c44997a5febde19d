import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { Comparison, ObjectState } from '#shared/contract/snapshots.ts';
import { describeValue } from '#shared/text/describe-value.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';

const useStyles = makeStyles({
  frame: { maxHeight: '55vh', overflow: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}` },
  table: { width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', userSelect: 'text' },
  head: {
    position: 'sticky',
    top: 0,
    textAlign: 'left',
    padding: '4px 8px',
    backgroundColor: tokens.colorNeutralBackground3,
  },
  cell: { padding: '2px 8px', verticalAlign: 'top', overflowWrap: 'anywhere', whiteSpace: 'pre-line' },
  object: { fontWeight: tokens.fontWeightSemibold, backgroundColor: tokens.colorNeutralBackground2 },
  differs: { backgroundColor: tokens.colorPaletteYellowBackground1 },
  conflict: { backgroundColor: tokens.colorPaletteRedBackground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

type Property = Comparison['objects'][number]['properties'][number];

const stateWords: Readonly<Record<ObjectState, string>> = {
  same: '',
  changed: 'Changed',
  added: 'Only on the right',
  removed: 'Only on the left',
  renamed: 'Renamed',
  moved: 'Moved',
};

const byWords: Readonly<Record<NonNullable<Property['by']>, string>> = {
  left: 'changed on the left',
  right: 'changed on the right',
  both: 'changed alike on both sides',
  conflict: 'conflict',
};

function valuesOf({ base, left, right }: Property, hasBase: boolean) {
  return hasBase ? [base, left, right] : [left, right];
}

export type ReportFormat = 'html' | 'markdown' | 'json';

const formats: readonly (readonly [ReportFormat, string])[] = [
  ['html', 'Save as HTML'],
  ['markdown', 'Save as Markdown'],
  ['json', 'Save as JSON'],
];

/** Objects that are drawn at once; a table of ten thousand rows would hold the window up. */
const rowLimit = 400;

export interface CompareDialogProps {
  /** With what is the same, too: it is hidden here. */
  readonly comparison: Comparison;
  /** Saves it as a file, with what is the same or without. */
  onSave(format: ReportFormat, all: boolean): Promise<void>;
  onClose(): void;
}

/** Two configurations as a tree, changed values side by side. */
export function CompareDialog({ comparison, onSave, onClose }: CompareDialogProps) {
  const styles = useStyles();
  const [problem, setProblem] = useState<Problem>();
  const [shown, setShown] = useState<'differences' | 'all'>('differences');
  const objects = shown === 'all' ? comparison.objects : onlyDifferences(comparison.objects);
  const visible = objects.slice(0, rowLimit);
  return (
    <ConsoleDialog
      title="Compare Configurations"
      width="860px"
      onClose={onClose}
      buttons={
        <>
          {formats.map(([format, words]) => (
            <Button
              key={format}
              size="small"
              onClick={() => {
                setProblem(undefined);
                onSave(format, shown === 'all').catch((error: unknown) => setProblem(problemOf(error)));
              }}
            >
              {words}
            </Button>
          ))}
          <Button size="small" appearance="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {problem === undefined ? null : <ProblemBar problem={problem} />}
      <ChoiceField
        label="Show:"
        value={shown}
        choices={{ differences: 'Only differences', all: 'Everything' }}
        onChange={(choice) => setShown(choice === 'all' ? 'all' : 'differences')}
      />
      {comparison.identical && shown === 'differences' ? (
        <p>{`${comparison.left} and ${comparison.right} are the same.`}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls needs the keyboard
        <div className={styles.frame} tabIndex={0}>
          <table className={styles.table} aria-label="Comparison">
            <thead>
              <tr>
                <th className={styles.head}>Setting</th>
                {comparison.base === undefined ? null : (
                  <th className={styles.head}>{`Once: ${comparison.base}`}</th>
                )}
                <th className={styles.head}>{comparison.left}</th>
                <th className={styles.head}>{comparison.right}</th>
              </tr>
            </thead>
            <tbody>
              {visible.map(({ key, depth, kind, name, state, before, properties }) => [
                <tr key={key} className={styles.object}>
                  <td className={styles.cell} style={{ paddingLeft: `${8 + depth * 16}px` }}>
                    {kind === name ? kind : `${kind} ${name}`}
                  </td>
                  <td className={styles.cell} colSpan={comparison.base === undefined ? 2 : 3}>
                    {stateWords[state]}
                    {before === undefined ? '' : `: was ${before}`}
                  </td>
                </tr>,
                ...properties
                  .filter((property) => shown === 'all' || property.state !== 'same')
                  .map((property) => (
                    <tr key={`${key} ${property.path}`}>
                      <td
                        className={mergeClasses(styles.cell, styles.quiet)}
                        style={{ paddingLeft: `${24 + depth * 16}px` }}
                      >
                        {property.label}
                        {property.by === undefined ? '' : ` (${byWords[property.by]})`}
                      </td>
                      {valuesOf(property, comparison.base !== undefined).map((value, side) => (
                        <td
                          // biome-ignore lint/suspicious/noArrayIndexKey: the sides have their places
                          key={side}
                          className={mergeClasses(
                            styles.cell,
                            property.state !== 'same' && styles.differs,
                            property.by === 'conflict' && styles.conflict,
                          )}
                        >
                          {value === undefined ? '' : describeValue(value)}
                        </td>
                      ))}
                    </tr>
                  )),
              ])}
            </tbody>
          </table>
        </div>
      )}
      {objects.length > visible.length ? (
        <span>{`${objects.length - visible.length} more objects: carillon snapshot compare shows them all.`}</span>
      ) : null}
    </ConsoleDialog>
  );
}

/** Objects that differ, and those that they lie in. */
function onlyDifferences(objects: Comparison['objects']): Comparison['objects'] {
  const kept: Comparison['objects'] = [];
  let wanted = -1;
  // From the end: a child comes after its parent.
  for (const object of objects.toReversed()) {
    const isAncestor = object.depth < wanted;
    if (object.state === 'same' && !isAncestor) continue;
    kept.push(object);
    wanted = object.depth;
  }
  return kept.reverse();
}
