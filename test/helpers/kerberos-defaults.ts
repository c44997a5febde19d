import { join } from 'node:path';

import { sharedLab } from './shared-lab.ts';

// Kerberos in the test process knows the lab's realm and starts without tickets, whatever the machine has.
const { samba, directory } = sharedLab();
process.env['KRB5_CONFIG'] = samba.krb5Config;
process.env['KRB5CCNAME'] = `FILE:${join(directory, `tickets-${process.pid}`)}`;
