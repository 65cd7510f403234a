import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useSession } from '../api/session.ts';
import { useHere } from './here.ts';

/** 截至: the day all pages speak of. What is known now about a past day, and what is known to come. */
export function DayPicker() {
  const { days } = useSession();
  const { asOf, set } = useHere();
  if (!days || !asOf) return <span className="only-region">尚无户籍名单</span>;
  return (
    <div className="day-picker">
      <span id="as-of-label">截至</span>
      <DatePicker
        aria-labelledby="as-of-label"
        value={dayjs(asOf)}
        minDate={dayjs(days.first)}
        maxDate={dayjs(days.last)}
        allowClear={false}
        presets={[{ label: `最新 ${days.latest}`, value: dayjs(days.latest) }]}
        onChange={(day) => {
          const chosen = day?.format('YYYY-MM-DD');
          set({ asOf: chosen === days.latest ? null : chosen });
        }}
      />
    </div>
  );
}
