import type { EventEntry } from './event-definition.ts';
import { type EventRow, readEventRows } from './event-rows.ts';

const rows: readonly EventRow[] = [
  [
    10514,
    'error',
    'Credential database away',
    'The server goes on without the credential database: look-ups are answered from its cache, password changes of adapters are kept in replay files where the adapter says so, and everything else fails.',
    'The database server does not answer, refuses this server, or holds a database of another version.',
    'Do what the event says. The server notices by itself when the database is back.',
  ],
  [
    10527,
    'error',
    'Master secret not fetched',
    'This server has no master secret, since the server that keeps it did not give it out.',
    'The master secret server is not running, refuses the service account, or has no master secret.',
    'Start the master secret server, and look for its event 10555.',
  ],
  [
    10529,
    'information',
    'Master secret fetched',
    'The server that keeps the master secret gave it out; it is held in memory.',
    'This server asked for it, as it does at each poll.',
    'Nothing is to be done.',
  ],
  [
    10531,
    'information',
    'Master secret given out',
    'Another server of the system fetched the master secret from this one.',
    'It started, or a new master secret was generated.',
    'Nothing is to be done.',
  ],
  [
    10532,
    'warning',
    'Master secret server lost',
    'The server that keeps the master secret is away. Credentials are still looked up with the secret in memory, but nothing new is sealed: no credentials are stored and no tickets issued.',
    'The master secret server stopped, or the network is broken.',
    'Start the master secret server. Where it is lost, name another one and restore the secret there from its backup.',
  ],
  [
    10548,
    'information',
    'Credential database made',
    'The tables of a credential database were made, or brought up to date.',
    'An administrator created or upgraded it.',
    'Nothing is to be done.',
  ],
  [
    10549,
    'error',
    'Credential database not made',
    'The credential database was neither made nor brought up to date; nothing of it was changed.',
    'The database server refuses it, or holds something else under that name.',
    'Do what the event says.',
  ],
  [
    10555,
    'error',
    'Master secret refused',
    'Somebody asked for the master secret who may not have it.',
    'The caller is not the service account of a server of this system, or that account is no SSO Administrator.',
    'Add the server to the system and its service account to SSO Administrators; otherwise find out who asked.',
  ],
  [
    10591,
    'information',
    'Credential database back',
    'The server reaches the credential database again.',
    'The database server answers.',
    'Nothing is to be done.',
  ],
  [
    10831,
    'error',
    'Credential database exists',
    'A credential database was to be made where one stands already; nothing was changed.',
    'Another server of the system made it.',
    'Point this server at it: ssoconfig -setdb.',
  ],
  [
    10832,
    'error',
    'Credential database older',
    'The credential database lacks tables of this version, and is not used until it has them.',
    'This server was brought up to date before the database.',
    'Bring the other servers up to date, and then the database: ssoconfig -upgradedb.',
  ],
  [
    10833,
    'error',
    'No credential database',
    'The database that this server is pointed at holds no credential database.',
    'It was never made, or the name is wrong.',
    'Make it: ssoconfig -createdb, or correct the name: ssoconfig -setdb.',
  ],
];

/** A credential database that several servers share, and the master secret between them. */
export const ssoDatabaseEvents: readonly EventEntry[] = readEventRows(rows);
