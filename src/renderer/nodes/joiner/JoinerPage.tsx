import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { type ConsoleServices, useConsole } from '#console/console-context.ts';
import type { Verb } from '#console/verb.ts';
import type { Person } from '#shared/contract/people.ts';
import type { SpaceRow } from '#shared/contract/space.ts';
import type { Session } from '#state/session.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';

import { objectWindows } from '../identity/object-windows.tsx';
import { PersonFinder } from '../identity/PersonFinder.tsx';
import { SpaceFinder } from '../identity/SpaceFinder.tsx';
import { useAttempt } from '../identity/use-attempt.ts';

const useStyles = makeStyles({
  page: {
    padding: '12px',
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    height: '100%',
    boxSizing: 'border-box',
    overflow: 'auto',
    '& > *': { flexShrink: 0 },
  },
  halves: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gridAutoRows: 'minmax(0, 1fr)',
    gap: '12px',
    flexGrow: 1,
    flexBasis: '280px',
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr)', flexBasis: '560px' },
  },
  half: { display: 'flex', flexDirection: 'column', gap: '8px', minHeight: 0, minWidth: 0 },
  heading: { margin: 0, fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  buttons: { display: 'flex', gap: '8px', alignItems: 'center', flexWrap: 'wrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Objects without a person on the left, persons on the right, and what ties them between. */
export function JoinerPage() {
  const styles = useStyles();
  const { value: agents } = useReading('agents.list', {}, ['agents.changed', 'configuration.changed']);
  const [chosen, choose] = useState<string>();
  const agent = chosen ?? agents?.[0]?.id;
  if (agents === undefined) return <p className={styles.page}>Asking the service...</p>;
  if (agent === undefined)
    return <p className={styles.page}>There is no management agent. Create one under Management Agents.</p>;
  return (
    <div className={styles.page}>
      <SelectField
        label="Management agent:"
        value={agent}
        choices={Object.fromEntries(agents.map(({ id, name }) => [id, name]))}
        onChange={choose}
      />
      <Halves key={agent} agent={agent} />
    </div>
  );
}

function Halves({ agent }: { readonly agent: string }) {
  const styles = useStyles();
  const session = useSession();
  const console = useConsole();
  const attempt = useAttempt();
  const [objects, setObjects] = useState<readonly SpaceRow[]>([]);
  const [[person], setPersons] = useState<readonly Person[]>([]);
  const verbs = joinerVerbs(objects, person, session, console);
  const lack = verbs.every(({ disabled }) => disabled !== undefined);
  return (
    <>
      <div className={styles.halves}>
        <section className={styles.half} aria-label="Connector space">
          <h2 className={styles.heading}>Connector space</h2>
          <SpaceFinder
            agent={agent}
            initialScope="disconnectors"
            onSelect={setObjects}
            onOpen={({ id }) =>
              attempt('Connector Space Object Properties', () =>
                objectWindows(session, console.openDialog).openSpaceObject(id),
              )
            }
          />
        </section>
        <section className={styles.half} aria-label="Metaverse">
          <h2 className={styles.heading}>Metaverse</h2>
          <PersonFinder
            onSelect={setPersons}
            onOpen={({ id }) =>
              attempt('Metaverse Object Properties', () =>
                objectWindows(session, console.openDialog).openPerson(id),
              )
            }
          />
        </section>
      </div>
      <div className={styles.buttons}>
        {verbs.map((verb) => (
          <Button
            key={verb.id}
            size="small"
            disabled={verb.disabled !== undefined}
            title={verb.disabled}
            onClick={() => console.perform(verb)}
          >
            {verb.label}
          </Button>
        ))}
        {lack ? <span className={styles.quiet}>Select an object on the left to begin.</span> : null}
      </div>
    </>
  );
}

/** What can be done with the selected objects and the selected person. */
function joinerVerbs(
  objects: readonly SpaceRow[],
  person: Person | undefined,
  session: Session,
  { notify }: ConsoleServices,
): readonly Verb[] {
  const [only, ...others] = objects;
  const free = objects.every(({ state }) => state !== 'connector');
  const name = only === undefined || others.length > 0 ? `${objects.length} objects` : `"${only.dn}"`;
  const personName = person?.displayName ?? `Person ${person?.id}`;
  const each = async (work: (row: SpaceRow) => Promise<unknown>): Promise<void> => {
    const failures: string[] = [];
    for (const row of objects)
      await work(row).catch((error: unknown) =>
        failures.push(`${row.dn}: ${error instanceof Error ? error.message : 'no reason was given'}`),
      );
    if (failures.length > 0)
      notify({
        tone: 'problem',
        title: `${failures.length} of ${objects.length} were left as they are`,
        body: failures.join('; ').slice(0, 200),
      });
  };
  const unless = (condition: boolean, disabled: string) => (condition ? {} : { disabled });
  return [
    {
      id: 'joiner.join',
      label: 'Join...',
      slot: 'top',
      ...unless(only !== undefined && others.length === 0 && free, 'Select one disconnector'),
      ...unless(person !== undefined, 'Select a disconnector on the left and a person on the right'),
      confirm: {
        title: 'Join',
        question: `Do you want to join ${name} to "${personName}"?`,
        effect:
          'Password changes of the person reach the object from then on. The join rules leave it there.',
        answer: 'Join',
      },
      run: async () => {
        if (only === undefined || person === undefined) return;
        await session.client.call('space.join', { id: only.id, person: person.id });
      },
    },
    {
      id: 'joiner.project',
      label: 'Project...',
      slot: 'top',
      ...unless(only !== undefined && free, 'Select disconnectors'),
      confirm: {
        title: 'Project',
        question: `Do you want to make a new person of ${name}?`,
        effect: 'The metaverse has one person more for each object.',
        answer: 'Project',
      },
      run: () => each(({ id }) => session.client.call('space.project', { id })),
    },
    {
      id: 'joiner.disconnect',
      label: 'Disconnect...',
      slot: 'top',
      ...unless(
        only !== undefined && objects.every(({ state }) => state === 'connector'),
        'Select connectors: choose their scope on the left',
      ),
      confirm: {
        title: 'Disconnect',
        question: `Are you sure you want to take ${name} off its person?`,
        effect:
          'No password of the person reaches it any more. It becomes an explicit disconnector, which the rules leave alone.',
        answer: 'Disconnect',
      },
      run: () => each(({ id }) => session.client.call('space.disconnect', { id, explicit: true })),
    },
    {
      id: 'joiner.free',
      label: 'Give Back to the Rules...',
      slot: 'top',
      ...unless(
        only !== undefined && objects.every(({ state }) => state === 'explicit-disconnector'),
        'Select explicit disconnectors',
      ),
      confirm: {
        title: 'Give Back to the Rules',
        question: `Do you want to make ${name} a normal disconnector?`,
        effect: 'The next synchronization may join or project it again.',
        answer: 'Give Back',
      },
      run: () => each(({ id }) => session.client.call('space.disconnect', { id })),
    },
  ];
}
