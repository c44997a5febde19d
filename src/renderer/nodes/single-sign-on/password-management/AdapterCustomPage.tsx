import { Button, makeStyles } from '@fluentui/react-components';

import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { TextField } from '#ui/TextField.tsx';

import { type DefinitionEdit, errorBelow } from '../definition/definition-edit.ts';

const useStyles = makeStyles({
  pair: { display: 'grid', gridTemplateColumns: '1fr 1fr max-content', gap: '8px', alignItems: 'end' },
});

/** What only this adapter knows: names and values that it asks for when it connects. */
export function AdapterCustomPage({ value, errors, set }: DefinitionEdit<SsoAdapter>) {
  const styles = useStyles();
  const pairs = Object.entries(value.properties);
  const write = (next: readonly (readonly [string, string])[]): void =>
    set({ properties: Object.fromEntries(next) });
  const change = (index: number, pair: readonly [string, string]): void =>
    write(pairs.map((each, at) => (at === index ? pair : each)));
  const fresh = (): string => {
    const suggestions = ['Server name', 'Port number'];
    const names = new Set(pairs.map(([name]) => name));
    let name = suggestions.find((each) => !names.has(each));
    for (let count = 1; name === undefined; count += 1)
      if (!names.has(`Property ${count}`)) name = `Property ${count}`;
    return name;
  };
  return (
    <>
      {pairs.length === 0 ? <span>The adapter has no properties of its own.</span> : null}
      {pairs.map(([name, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name itself is edited
        <div key={index} className={styles.pair} role="group" aria-label={`Property ${index + 1}`}>
          <TextField
            label="Property:"
            value={name}
            onChange={(next) => {
              if (next === name || !pairs.some(([other]) => other === next)) change(index, [next, text]);
            }}
          />
          <TextField label="Value:" value={text} onChange={(next) => change(index, [name, next])} />
          <Button
            size="small"
            aria-label={`Remove ${name}`}
            onClick={() => write(pairs.filter((_, at) => at !== index))}
          >
            Remove
          </Button>
        </div>
      ))}
      {errorBelow(errors, 'properties') === undefined ? null : (
        <span role="alert">A property begins with a letter and has letters, digits, space, _, . and -</span>
      )}
      <div>
        <Button size="small" onClick={() => write([...pairs, [fresh(), '']])}>
          Add property
        </Button>
      </div>
    </>
  );
}
