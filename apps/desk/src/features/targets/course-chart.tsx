import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { shortDay } from '../../ui/format.ts';
import type { Course } from './contract.ts';
import { amountText } from './targets.ts';

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

interface Props {
  readonly days: readonly string[];
  readonly series: Course['series'][number];
  readonly unit: string;
}

/** What was done beside what was due, each line named at its end. */
export default function CourseChart({ days, series, unit }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = init(box.current, undefined, { renderer: 'svg' });
    const labels = { fontFamily: 'inherit', color: '#4a5766' };
    const line = (name: string, color: string, data: readonly (number | null)[], dashed: boolean) => ({
      type: 'line',
      name,
      color,
      symbolSize: dashed ? 0 : 6,
      lineStyle: { type: dashed ? 'dashed' : 'solid', width: 2 },
      data: days.map((day, at) => [day, data[at] ?? null]),
      endLabel: { show: true, color, fontFamily: 'inherit', formatter: name },
    });
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 64, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        axisLabel: {
          ...labels,
          hideOverlap: true,
          // Labels that touch are one word to whoever reads them.
          padding: [0, 10],
          formatter: (at: number) => shortDay(new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)),
        },
      },
      yAxis: {
        type: 'value',
        axisLabel: { ...labels, formatter: (n: number) => amountText({ unit }, n) },
        splitLine: { lineStyle: { color: '#e6eaee' } },
      },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (n: unknown) => (typeof n === 'number' ? amountText({ unit }, n) : '—'),
      },
      series: [
        line('应完成', '#9a5b00', series.planned, true),
        line('已完成', '#1d5a8f', series.done, false),
      ],
    });
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current as HTMLElement);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [days, series, unit]);
  const words = days
    .flatMap((day, at) => {
      const done = series.done[at];
      return done === null || done === undefined ? [] : `${day} 完成 ${done}，应完成 ${series.planned[at]}`;
    })
    .join('；');
  return <div ref={box} className="target-course" role="img" aria-label={`${series.place.name}：${words}`} />;
}
