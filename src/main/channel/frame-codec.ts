import { type Frame, FrameError, type FrameKind } from './frame.ts';
import type { FrameInput } from './frame-input.ts';
import { type Layout, layouts } from './frame-layouts.ts';
import type { FrameOutput } from './frame-output.ts';

const kinds = new Map(
  (Object.keys(layouts) as FrameKind[]).map((kind) => [layouts[kind].type, kind] as const),
);

/** Kind of a type byte; undefined where there is none. */
export function kindOf(type: number): FrameKind | undefined {
  return kinds.get(type);
}

/** Largest body of a kind of frame, bytes. */
export function limitOf(kind: FrameKind): number {
  return layouts[kind].limit;
}

/** Appends one frame; nothing of it stays where it cannot be written (`FrameError`). */
export function writeFrame(out: FrameOutput, frame: Frame): void {
  const layout = layouts[frame.kind] as Layout<Frame>;
  const start = out.length;
  try {
    out.u32(0);
    out.u8(layout.type);
    layout.write(out, frame);
    const body = out.length - start - 5;
    if (body > layout.limit) throw new FrameError(`A ${frame.kind} of ${body} bytes`);
    out.setU32(start, body + 1);
  } catch (error) {
    out.cut(start);
    throw error;
  }
}

/** Reads the body of one frame; byte fields are views into it. Throws `FrameError`. */
export function readFrame(kind: FrameKind, from: FrameInput): Frame {
  const fields = (layouts[kind] as Layout<Frame>).read(from);
  from.finish();
  return { kind, ...fields } as Frame;
}
