import type { RegionCode } from '@quanbao/domain/kernel/region';
import { countSearchDue, indexRegister } from '../features/register/index.ts';
import type { Instance } from '../instance.ts';
import type { Aside } from './tasks.ts';

/** How soon somebody new can be found; a look that finds nobody due costs about a millisecond. */
const EVERY_MS = 2_000;
/** So few are indexed where the desk is served; of more, the service would be felt to stop. */
const FEW = 500;

/** Follows the commits while a service runs, whoever made them; `stop` waits for the people under way. */
export function keepIndexed(
  instance: Instance,
  county: RegionCode,
  aside: Aside,
  onFault: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> | undefined;
  const index = async (): Promise<void> => {
    const due = await countSearchDue(instance, county);
    if (due > FEW) await aside('index', () => undefined, county);
    else if (due > 0) await indexRegister(instance, county, { stopped: () => stopped });
  };
  const follow = (): void => {
    running ??= index()
      .catch(onFault)
      .finally(() => {
        running = undefined;
      });
  };
  const every = setInterval(follow, EVERY_MS);
  follow();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(every);
      await running;
    },
  };
}
