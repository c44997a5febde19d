import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { RunProfile } from '#shared/model/run-profile.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import type { RunRecord, RunStepRecord } from './run-history.ts';
import { isCompleted } from './run-result.ts';

/**
 * The steps of a run that was stopped which need not be repeated: those before the first that did not complete. Throws
 * `AppError` `conflict` where nothing is left to do, or where the profile has other steps by now.
 */
export function passedSteps(
  agent: Agent,
  profile: RunProfile,
  last: RunRecord | undefined,
): readonly RunStepRecord[] {
  if (last === undefined || isCompleted(last.result) || last.result === 'in-progress')
    throw new AppError('conflict', `No run of "${profile.name}" was stopped`, {
      fix: `Run it from its start: carillon run '${agent.name}' '${profile.name}'`,
    });
  const stopped = last.steps.findIndex(({ result }) => !isCompleted(result));
  const passed = stopped === -1 ? last.steps : last.steps.slice(0, stopped);
  const plan = profile.steps.flatMap(({ type, partition }) =>
    (partition === undefined ? agent.partitions.map(({ dn }) => dn) : [partition]).map((dn) => ({
      type,
      dn,
    })),
  );
  const isSame = passed.every(
    ({ type, partition }, index) =>
      plan[index]?.type === type && foldDn(plan[index].dn) === foldDn(partition ?? ''),
  );
  if (isSame && passed.length < plan.length) return passed;
  throw new AppError(
    'conflict',
    `The run profile "${profile.name}" has other steps than the run that stopped`,
    {
      fix: `Run it from its start: carillon run '${agent.name}' '${profile.name}'`,
    },
  );
}
