import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Instance } from '../../instance.ts';
import { indexRegister } from './search-index.ts';

/** How soon somebody new can be found; a look that finds nobody due costs about a millisecond. */
const EVERY_MS = 2_000;

/** Follows the commits while a service runs, whoever made them; `stop` waits for the people under way. */
export function keepIndexed(
  instance: Instance,
  county: RegionCode,
  onFault: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> | undefined;
  const follow = (): void => {
    running ??= indexRegister(instance, county, { stopped: () => stopped })
      .then(() => undefined, onFault)
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
