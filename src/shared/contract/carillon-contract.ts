import { defineContract } from '../rpc/contract.ts';
import { adaptersContract } from './adapters.ts';
import { agentsContract } from './agents.ts';
import { captureContract } from './capture.ts';
import { changesContract } from './changes.ts';
import { configurationContract } from './configuration.ts';
import { credentialsContract } from './credentials.ts';
import { entssoContract } from './entsso.ts';
import { eventsContract } from './events.ts';
import { keysContract } from './keys.ts';
import { migrationContract } from './migration.ts';
import { passwordContract } from './password.ts';
import { peopleContract } from './people.ts';
import { queueContract } from './queue.ts';
import { sampleContract } from './sample.ts';
import { snapshotsContract } from './snapshots.ts';
import { spaceContract } from './space.ts';
import { ssoContract } from './sso.ts';
import { ssoBulkContract } from './sso-bulk.ts';
import { ssoDatabaseContract } from './sso-database.ts';
import { ssoSecretContract } from './sso-secret.ts';
import { ssoServersContract } from './sso-servers.ts';
import { systemContract } from './system.ts';

/** Everything that a console or a command line may ask of a service. */
export const carillonContract = defineContract({
  methods: {
    ...systemContract.methods,
    ...agentsContract.methods,
    ...passwordContract.methods,
    ...queueContract.methods,
    ...changesContract.methods,
    ...eventsContract.methods,
    ...snapshotsContract.methods,
    ...migrationContract.methods,
    ...entssoContract.methods,
    ...peopleContract.methods,
    ...spaceContract.methods,
    ...configurationContract.methods,
    ...credentialsContract.methods,
    ...keysContract.methods,
    ...sampleContract.methods,
    ...captureContract.methods,
    ...ssoContract.methods,
    ...ssoBulkContract.methods,
    ...ssoServersContract.methods,
    ...ssoDatabaseContract.methods,
    ...ssoSecretContract.methods,
    ...adaptersContract.methods,
  },
  topics: {
    ...systemContract.topics,
    ...agentsContract.topics,
    ...passwordContract.topics,
    ...queueContract.topics,
    ...changesContract.topics,
    ...eventsContract.topics,
    ...snapshotsContract.topics,
    ...peopleContract.topics,
    ...spaceContract.topics,
    ...configurationContract.topics,
    ...credentialsContract.topics,
    ...keysContract.topics,
    ...captureContract.topics,
    ...ssoContract.topics,
    ...ssoBulkContract.topics,
    ...ssoServersContract.topics,
  },
});
export type CarillonContract = typeof carillonContract;
