import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import {
  escalationCode,
  escalationColour,
  escalationOn,
  escalationWords,
} from '@quanbao/domain/supervision/order';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { workDay } from '../../reports/index.ts';
import { rulesOn } from '../rules.ts';
import { type Notice, putNotices } from '../warnings/notices.ts';
import { ordersOn } from './store.ts';

/** Who tells what nobody has to be asked for; no account has such a name. */
const BY_ITSELF = '系统';

/**
 * Tells whoever an escalation goes to that an order has reached its level: each level of each order once, under the day it
 * was reached on, however often this is asked and however long nothing ran.
 * @param on the day of work where it is another
 */
export async function tellEscalations(
  instance: Instance,
  county: RegionCode,
  on?: PlainDate,
): Promise<{ told: number }> {
  const scope: Scope = { county, region: county, actor: BY_ITSELF };
  return instance.db.transaction(scope, async (tx) => {
    const day = on ?? (await workDay(tx, scope, new Date()));
    const { escalation } = await rulesOn(tx, scope, day);
    const orders = await ordersOn(tx, { scope, office: '' }, county, day);
    const due = orders.flatMap((one) =>
      escalationOn(one, escalation, day).reached.map(
        (level): Notice => ({
          // An office is no place: the county reminds it.
          region: level.to === 'unit' ? one.region : county,
          warning: escalationCode(one.order),
          day: addDays(one.due, level.days),
          colour: escalationColour(level),
          words: escalationWords(one, level),
        }),
      ),
    );
    const told = due.length === 0 ? 0 : await putNotices(tx, scope, due);
    if (told > 0) {
      await record(tx, {
        county,
        actor: BY_ITSELF,
        act: 'order.escalate',
        subject: 'orders',
        region: county,
        detail: { told },
      });
    }
    return { told };
  });
}
