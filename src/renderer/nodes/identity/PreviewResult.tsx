import { makeStyles, tokens } from '@fluentui/react-components';

import type { SpacePreview } from '#shared/contract/space.ts';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';

import { ReadTable } from '../lists/ReadTable.tsx';
import { linkWords, stateWords } from './space-words.ts';

const useStyles = makeStyles({
  result: { display: 'flex', flexDirection: 'column', gap: '10px', overflow: 'auto', minHeight: 0 },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  error: { display: 'flex', gap: '6px', alignItems: 'flex-start', userSelect: 'text' },
});

const operationWords = { add: 'Add', update: 'Update', delete: 'Delete' } as const;

/** What a synchronization would make of one object. */
export function PreviewResult({ preview }: { readonly preview: SpacePreview }) {
  const styles = useStyles();
  const { stateBefore, stateAfter, staged, dropped, errors } = preview;
  const state =
    stateAfter === undefined
      ? `${stateWords[stateBefore]}, would go`
      : stateAfter === stateBefore
        ? `${stateWords[stateBefore]}, stays so`
        : `${stateWords[stateBefore]}, would become: ${stateWords[stateAfter].toLowerCase()}`;
  const changes = personChanges(preview);
  return (
    <section className={styles.result} aria-label="Preview">
      {errors.map(({ error, dn, detail }) => (
        <span key={`${error} ${dn}`} role="alert" className={styles.error}>
          <Icon name="danger" label="Problem" />
          {`${error}: ${dn}. ${detail}`}
        </span>
      ))}
      <FactList
        facts={[
          { term: 'Object:', value: preview.dn },
          { term: 'State:', value: state },
          { term: 'Joined by:', value: linkWords(preview.link) },
        ]}
      />
      <h2 className={styles.heading}>Person</h2>
      <ReadTable
        caption="Person"
        headings={['Attribute', 'Now', 'Afterwards']}
        empty="No attribute of a person would change"
        rows={changes.map(({ name, before, after }) => [name, before, after])}
      />
      <h2 className={styles.heading}>Exports that would wait</h2>
      <ReadTable
        caption="Exports that would wait"
        headings={['Management agent', 'Operation', 'Distinguished name', 'Values']}
        empty="Nothing would wait to be written"
        rows={staged.map(({ agentName, operation, dn, changes: values }) => [
          agentName,
          operationWords[operation],
          dn,
          valuesOf(values),
        ])}
      />
      {dropped.length === 0 ? null : (
        <>
          <h2 className={styles.heading}>Exports that would no longer wait</h2>
          <ReadTable
            caption="Exports that would no longer wait"
            headings={['Management agent', 'Operation', 'Distinguished name']}
            empty=""
            rows={dropped.map(({ agentName, operation, dn }) => [agentName, operationWords[operation], dn])}
          />
        </>
      )}
    </section>
  );
}

function personChanges({ personBefore, personAfter }: SpacePreview) {
  const names = [...new Set([...Object.keys(personBefore), ...Object.keys(personAfter)])].sort();
  return names.flatMap((name) => {
    const before = personBefore[name]?.join('; ') ?? '';
    const after = personAfter[name]?.join('; ') ?? '';
    return before === after ? [] : [{ name, before: before || 'None', after: after || 'None' }];
  });
}

function valuesOf(changes: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(changes)
    .map(([name, values]) => `${name}: ${values.length === 0 ? 'none' : values.join(', ')}`)
    .join('; ');
}
