import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import type { KnownServerRow, ServerKeyRow } from '#shared/contract/servers-contract.ts';
import { askServers } from '#state/ask-servers.ts';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

const useStyles = makeStyles({
  field: { maxWidth: '360px' },
  key: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    padding: '8px 10px',
    borderLeft: `3px solid ${tokens.colorPaletteMarigoldBorder2}`,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  print: {
    fontFamily: tokens.fontFamilyMonospace,
    overflowWrap: 'anywhere',
    userSelect: 'text',
    color: tokens.colorNeutralForeground1,
  },
  words: { margin: 0 },
});

/** A server as it is typed; NaN is a port that is no number. */
export interface TypedServer {
  readonly host: string;
  readonly port: number;
}

export interface ServerFieldsProps {
  readonly server: TypedServer;
  /** The key that the server showed, where nobody has compared it yet. */
  readonly shownKey: ServerKeyRow | undefined;
  readonly error: string | undefined;
  onChange(server: TypedServer): void;
}

/** The server on another computer, those that were used before, and the key that has to be compared once. */
export function ServerFields({ server, shownKey, error, onChange }: ServerFieldsProps) {
  const styles = useStyles();
  const recent = useRecentServers();
  const chosen = recent.findIndex(({ host, port }) => host === server.host && port === server.port);
  return (
    <>
      {recent.length === 0 ? null : (
        <Field label="Recent servers:" size="small" className={styles.field}>
          <Select
            size="small"
            value={String(chosen)}
            onChange={(_, { value }) => {
              const known = recent[Number(value)];
              if (known !== undefined) onChange({ host: known.host, port: known.port });
            }}
          >
            {chosen === -1 ? <option value="-1">None of these</option> : null}
            {recent.map(({ host, port }, index) => (
              <option key={`${host}:${port}`} value={String(index)}>
                {`${host}, port ${port}`}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <TextField
        label="Server:"
        value={server.host}
        hint="The full host name, as in server.example.com"
        error={error}
        autoFocus
        onChange={(host) => onChange({ ...server, host })}
      />
      <NumberField
        label="Port:"
        value={server.port}
        min={1}
        max={65_535}
        onChange={(port) => onChange({ ...server, port: port ?? Number.NaN })}
      />
      {shownKey === undefined ? null : (
        <div className={styles.key} role="alert">
          <p className={styles.words}>
            {shownKey.state === 'changed'
              ? 'The key of this server is not the one that was trusted before. Somebody may stand in between. Its fingerprint is now'
              : 'Nobody has compared the key of this server yet. Its fingerprint is'}
          </p>
          <span className={styles.print}>{shownKey.fingerprint}</span>
          {shownKey.expected === undefined ? null : (
            <>
              <p className={styles.words}>and was</p>
              <span className={styles.print}>{shownKey.expected}</span>
            </>
          )}
          <p className={styles.words}>
            Compare it with what "carillon status" prints on the server. Where the two are the same, trust it:
            it is asked for once.
          </p>
        </div>
      )}
    </>
  );
}

function useRecentServers(): readonly KnownServerRow[] {
  const [recent, setRecent] = useState<readonly KnownServerRow[]>([]);
  useEffect(() => {
    let gone = false;
    askServers((client) => client.call('servers.list', {})).then(
      (known) => {
        if (!gone) setRecent(known);
      },
      // Without the list a server is typed.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, []);
  return recent;
}
