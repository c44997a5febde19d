import type { Session } from '../session.ts';
import { formatFacts, type SsoVerb } from './sso-verb.ts';

/** What goes back to the service of this computer. */
const here = 'local';

export const setServer: SsoVerb = setVerb('server', 'Set the server that you work with', 'own');
export const showServer: SsoVerb = {
  name: 'showserver',
  usage: '',
  summary: 'Show the server that was set',
  takes: [0, 0],
  isLocal: true,
  async run(session) {
    const { openCommonServers, openKnownServers } = await import('../remote-session.ts');
    const { describeAddress } = await import('#host/remote/dial-remote.ts');
    const { env } = session.terminal;
    const [own, everybody] = [openKnownServers(env), openCommonServers(env)].map(({ default: place }) =>
      place === undefined ? undefined : describeAddress(place),
    );
    const facts = {
      ...(own === undefined ? {} : { server: own }),
      ...(everybody === undefined ? {} : { serverAll: everybody }),
    };
    session.print(facts, () =>
      formatFacts([
        ['SSO Server (user)', own],
        ['SSO Server (all users)', everybody],
        ['In use', own ?? everybody ?? 'the service of this computer'],
      ]),
    );
  },
};
export const setServerForAll: SsoVerb = setVerb(
  'serverall',
  'Set the server that all users of this computer work with',
  'everybody',
);

function setVerb(name: string, summary: string, whose: 'own' | 'everybody'): SsoVerb {
  return {
    name,
    usage: `<host[:port]>|${here}`,
    summary,
    takes: [1, 1],
    isLocal: true,
    run: (session, [word = '']) => setDefault(session, word, whose),
  };
}

async function setDefault(session: Session, word: string, whose: 'own' | 'everybody'): Promise<void> {
  const { openCommonServers, openKnownServers, parseServer } = await import('../remote-session.ts');
  const known = (whose === 'own' ? openKnownServers : openCommonServers)(session.terminal.env);
  const place = word.toLowerCase() === here ? undefined : parseServer(word);
  known.setDefault(place);
  session.print({ server: place ?? null }, () =>
    place === undefined ? 'The service of this computer is used' : `${word} is used from now on`,
  );
}
