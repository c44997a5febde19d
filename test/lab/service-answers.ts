import { readCaptureConfiguration } from '#capture/capture-configuration.ts';
import { askCapture } from '#capture/capture-control.ts';
import { controlSocketOf } from '#capture/capture-host.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { connect } from '#shared/rpc/connect.ts';

// Asked over their sockets: a command for every look costs more of a small machine than the service's start.

/** Whether the engine of a data directory answers. */
export async function engineAnswers(data: string): Promise<boolean> {
  try {
    const port = await dialControl(data);
    try {
      await connect(carillonContract, port).call('system.status', {});
      return true;
    } finally {
      port.close('Done');
    }
  } catch {
    return false;
  }
}

/** Whether the capture service of a configuration file answers. */
export async function captureAnswers(captureFile: string): Promise<boolean> {
  try {
    await askCapture(controlSocketOf(readCaptureConfiguration(captureFile)), { ask: 'status' });
    return true;
  } catch {
    return false;
  }
}
