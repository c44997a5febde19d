import { createRequire } from 'node:module';

import { KerberosError } from './kerberos-error.ts';

/** The part of the optional native module `kerberos` that is used; its own types name options that it ignores. */
interface KerberosModule {
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_C_SEQUENCE_FLAG: number;
  readonly GSS_C_REPLAY_FLAG: number;
  readonly GSS_C_INTEG_FLAG: number;
  readonly GSS_MECH_OID_KRB5: number;
  initializeClient(service: string, options: object): Promise<ClientContext>;
  initializeServer(service: string): Promise<ServerContext>;
}

interface ClientContext {
  readonly contextComplete: boolean;
  readonly username: string;
  step(challenge: string): Promise<string>;
  unwrap(challenge: string): Promise<string>;
  wrap(challenge: string, options: { readonly user?: string; readonly protect: boolean }): Promise<string>;
}

interface ServerContext {
  readonly contextComplete: boolean;
  readonly username: string | null;
  readonly response: string | null;
  step(challenge: string): Promise<string | null>;
}

let loaded: KerberosModule | undefined;

function load(): KerberosModule {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(import.meta.url)('kerberos') as KerberosModule;
    return loaded;
  } catch (cause) {
    throw new KerberosError('not-installed', 'The native module kerberos is not installed', cause);
  }
}

export function isKerberosAvailable(): boolean {
  try {
    load();
    return true;
  } catch {
    return false;
  }
}

/** The calling side of one authentication. */
export interface Initiator {
  /** The caller's own name, `name@REALM`; known once the reply was taken. */
  readonly principal: string;
  /** The first token, for the service. */
  token(): Promise<Uint8Array>;
  /** Takes the service's reply, which proves the service; throws `KerberosError` where it does not. */
  finish(reply: Uint8Array): Promise<void>;
  /** The security layer of a SASL bind (RFC 4752 3.1): takes the offer, answers with no layer. */
  declineLayer(offer: Uint8Array): Promise<Uint8Array>;
}

export interface InitiatorOptions {
  /** `class/host`. */
  readonly spn: string;
  /** Which of several identities to use. */
  readonly principal?: string | undefined;
}

/** Begins an authentication to a service. Throws `KerberosError`. */
export async function openInitiator({ spn, principal }: InitiatorOptions): Promise<Initiator> {
  const kerberos = load();
  const flags =
    kerberos.GSS_C_MUTUAL_FLAG |
    kerberos.GSS_C_SEQUENCE_FLAG |
    kerberos.GSS_C_REPLAY_FLAG |
    kerberos.GSS_C_INTEG_FLAG;
  const options = {
    flags,
    mechOID: kerberos.GSS_MECH_OID_KRB5,
    ...(principal !== undefined && { principal }),
  };
  const context = await attempt(spn, () => kerberos.initializeClient(hostBased(spn), options));
  return {
    get principal() {
      return context.username;
    },
    token: async () => decode(await attempt(spn, () => context.step(''))),
    finish: async (reply) => {
      await attempt(spn, () => context.step(encode(reply)));
      if (!context.contextComplete) throw new KerberosError('not-mutual', `${spn} did not prove itself`);
    },
    declineLayer: async (offer) => {
      await attempt(spn, () => context.unwrap(encode(offer)));
      // One byte layer "none" and three bytes size zero.
      const choice = Buffer.from([1, 0, 0, 0]).toString('base64');
      return decode(await attempt(spn, () => context.wrap(choice, { protect: false })));
    },
  };
}

export interface AcceptedToken {
  /** The caller, `name@REALM`. */
  readonly principal: string;
  readonly reply: Uint8Array;
}

/**
 * Takes a caller's token. Throws `KerberosError`.
 * One account's names share one key, so the library also accepts tickets for the account's other services: the
 * protocol above names the service itself.
 */
export async function acceptToken(options: {
  readonly spn: string;
  readonly token: Uint8Array;
}): Promise<AcceptedToken> {
  const { spn, token } = options;
  const kerberos = load();
  const context = await attempt(spn, () => kerberos.initializeServer(hostBased(spn)));
  await attempt(spn, () => context.step(encode(token)));
  // It calls itself complete even when more steps are needed or the caller did not ask for mutual authentication.
  if (context.response === null || context.username === null) {
    throw new KerberosError('not-mutual', `A caller of ${spn} did not ask for mutual authentication`);
  }
  return { principal: context.username, reply: decode(context.response) };
}

/** GSSAPI's form `class@host`; the library finds keys by the lower-case host only. */
function hostBased(spn: string): string {
  const at = spn.indexOf('/');
  if (at <= 0) throw new KerberosError('spn-missing', `"${spn}" has not the form class/host`);
  return `${spn.slice(0, at)}@${spn.slice(at + 1).toLowerCase()}`;
}

async function attempt<T>(subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw KerberosError.from(error, subject);
  }
}

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const decode = (text: string): Uint8Array => Buffer.from(text, 'base64');
