import type { z } from 'zod';

import type { Access } from './access.ts';

/** One request and its reply. The output schema is strict, and holds no secret unless it says so. */
export interface Method {
  readonly access: Access;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** The output holds what `secretOutput` makes: answered only over a transport that carries bytes, to a program that asked for them. */
  readonly givesSecrets?: true;
}

/** Something that the server tells subscribers. */
export interface Topic {
  readonly access: Access;
  readonly payload: z.ZodType;
}

/** A contract is data: names, schemas, and the role that each name needs. Names have the form `area.verb`. */
export interface Contract {
  readonly methods: Readonly<Record<string, Method>>;
  readonly topics: Readonly<Record<string, Topic>>;
}

export const defineContract = <const C extends Contract>(contract: C): C => contract;

export type MethodName<C extends Contract> = keyof C['methods'] & string;
export type TopicName<C extends Contract> = keyof C['topics'] & string;

/** What a caller sends, before defaults. */
export type Sent<C extends Contract, M extends MethodName<C>> = z.input<C['methods'][M]['input']>;
/** What a handler gets, after defaults. */
export type Parsed<C extends Contract, M extends MethodName<C>> = z.output<C['methods'][M]['input']>;
/** What a handler gives. */
export type Given<C extends Contract, M extends MethodName<C>> = z.input<C['methods'][M]['output']>;
/** What a caller gets. */
export type Reply<C extends Contract, M extends MethodName<C>> = z.output<C['methods'][M]['output']>;
export type Payload<C extends Contract, T extends TopicName<C>> = z.output<C['topics'][T]['payload']>;

/** Who is calling, and the signal that ends the call: cancelled by the caller, or the connection is gone. */
export interface Call {
  readonly access: Access;
  /** The caller in words, for the log: an account or `control socket`. */
  readonly caller: string;
  /** The Windows account that the transport proved, `DOMAIN\\name`; undefined for whoever may open the service's own socket. */
  readonly account?: string | undefined;
  /** Comes from another host. */
  readonly isRemote?: boolean | undefined;
  readonly signal: AbortSignal;
}

export type Handlers<C extends Contract> = {
  readonly [M in MethodName<C>]: (input: Parsed<C, M>, call: Call) => Promise<Given<C, M>> | Given<C, M>;
};
