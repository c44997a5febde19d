import { z } from 'zod';

/** A moment, milliseconds since 1970 UTC. */
export const instant = z.number();
