import { BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { shortDay } from '../../ui/format.ts';
import type { Progress } from './management.ts';

use([BarChart, GridComponent, TooltipComponent, SVGRenderer]);

/** First visits a day, and answers that came on top of them. */
export default function DaysChart({ days }: { readonly days: Progress['days'] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = init(box.current, undefined, { renderer: 'svg' });
    const labels = { fontFamily: 'inherit', color: '#4a5766' };
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: days.map(({ day }) => day),
        axisLabel: { ...labels, formatter: shortDay },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: labels,
        splitLine: { lineStyle: { color: '#e6eaee' } },
      },
      tooltip: { trigger: 'axis' },
      series: [
        {
          type: 'bar',
          name: '首次走访',
          stack: 'all',
          color: '#1d5a8f',
          barMaxWidth: 28,
          data: days.map(({ people }) => people),
        },
        {
          type: 'bar',
          name: '复访、补充',
          stack: 'all',
          color: '#b3cde3',
          barMaxWidth: 28,
          data: days.map(({ people, answers }) => answers - people),
        },
      ],
    });
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current as HTMLElement);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [days]);
  const words = days
    .map(({ day, people, answers }) => `${day} 首次走访 ${people} 人，答复 ${answers} 条`)
    .join('；');
  return <div ref={box} className="survey-days" role="img" aria-label={words} />;
}
