import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { readSecret } from '../read-secret.ts';
import { printCredentials } from './print-credentials.ts';
import type { SsoVerb } from './sso-verb.ts';

/** Redeems a ticket as a program between user and host does; with its sender the ticket is validated too. */
export const redeemTicket: SsoVerb = {
  name: 'redeemticket',
  usage: '<application> [<domain>\\<sender>]',
  summary: 'Print the credentials of the account that a ticket is for; the ticket comes over standard input',
  takes: [1, 2],
  async run(session, [application = '', sender]) {
    using typed = await readSecret(session.terminal, 'Ticket');
    // A ticket is text already where it is typed; its bytes are what the service takes.
    const text = Buffer.from(typed.bytes).toString('latin1').trim();
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text))
      throw new AppError('invalid_input', 'That is no ticket (event 10593)', {
        fix: 'Give it as ssoclient -issueticket prints it.',
      });
    using ticket = SecretBytes.take(Buffer.from(text, 'base64'));
    await printCredentials(session, application, (client) =>
      client.call('sso.redeemTicket', {
        application,
        ticket: ticket.bytes,
        ...(sender === undefined ? {} : { sender }),
      }),
    );
  },
};
