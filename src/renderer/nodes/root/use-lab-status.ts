import { useEffect, useState } from 'react';

import type { LabStatus } from '#shared/contract/desk-contract.ts';
import { openDesk } from '#state/open-desk.ts';

const absent: LabStatus = { state: 'absent', words: 'This console came without a lab' };

/** Whether the lab can be started from here; undefined until that is known. */
export function useLabStatus(): LabStatus | undefined {
  const [status, setStatus] = useState<LabStatus>();
  useEffect(() => {
    let live = true;
    const ask = async (): Promise<LabStatus> => {
      const desk = await openDesk();
      try {
        return await desk.call('lab.status', {});
      } finally {
        desk.close();
      }
    };
    ask().then(
      (found) => live && setStatus(found),
      () => live && setStatus(absent),
    );
    return () => {
      live = false;
    };
  }, []);
  return status;
}
