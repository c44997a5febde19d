import { z } from 'zod';

import { AppError } from '../model/app-error.ts';

const id = z.int().min(1);
const name = z.string().min(1).max(64);

const requestSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id, method: name, input: z.unknown() }),
  z.strictObject({ t: z.literal('cancel'), id }),
  z.strictObject({ t: z.literal('subscribe'), id, topic: name }),
  z.strictObject({ t: z.literal('unsubscribe'), id }),
]);
/** What a client sends. `id` is the client's own and free while nothing of that number runs. */
export type Request = z.infer<typeof requestSchema>;

const wireErrorSchema = z.strictObject({
  code: z.string().max(64),
  message: z.string(),
  fix: z.string().optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

const responseSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('done'), id, output: z.unknown() }),
  z.strictObject({ t: z.literal('failed'), id, error: wireErrorSchema }),
  /** `missed`: payloads left out before this one, because the client did not keep up. */
  z.strictObject({ t: z.literal('event'), id, payload: z.unknown(), missed: z.int().min(0) }),
]);
/** What a server sends. */
export type Response = z.infer<typeof responseSchema>;

export const parseRequest = (frame: unknown): Request => parse(requestSchema, frame);
export const parseResponse = (frame: unknown): Response => parse(responseSchema, frame);

function parse<S extends z.ZodType>(schema: S, frame: unknown): z.output<S> {
  const parsed = schema.safeParse(frame);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', 'Not a frame of this protocol', { cause: parsed.error });
}
