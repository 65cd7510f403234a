import { formatRate } from '@quanbao/domain/indicators/indicators';
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { shortDay } from '../../ui/format.ts';
import type { Home } from './home.ts';

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

interface Props {
  readonly points: Home['trend'];
  readonly onDay: (day: string) => void;
}

const LINES = [
  { key: 'coverage', name: '覆盖率', color: '#1d5a8f', symbol: 'circle' },
  { key: 'paying', name: '缴费率', color: '#9a5b00', symbol: 'rect' },
] as const;

/** Two lines, each named at its end; a click on a point goes to that day. */
export default function TrendChart({ points, onDay }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const open = useRef(onDay);
  open.current = onDay;
  useEffect(() => {
    const chart = init(box.current, undefined, { renderer: 'svg' });
    const labels = { fontFamily: 'inherit', color: '#4a5766' };
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 96, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: points.map((p) => p.day),
        axisLabel: { ...labels, formatter: shortDay },
      },
      yAxis: {
        type: 'value',
        scale: true,
        min: (range: { min: number }) => Math.floor(range.min * 10) / 10,
        max: (range: { max: number }) => Math.ceil(range.max * 10) / 10,
        axisLabel: { ...labels, formatter: (v: number) => `${Math.round(v * 100)}%` },
        splitLine: { lineStyle: { color: '#e6eaee' } },
      },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (v: unknown) => formatRate(typeof v === 'number' ? v : null),
      },
      series: LINES.map(({ key, name, color, symbol }) => ({
        type: 'line',
        name,
        color,
        symbol,
        symbolSize: 7,
        data: points.map((p) => p[key]),
        endLabel: {
          show: true,
          color,
          fontFamily: 'inherit',
          formatter: ({ value }: { value: unknown }) =>
            `${name} ${formatRate(typeof value === 'number' ? value : null)}`,
        },
      })),
    });
    chart.on('click', ({ name }) => open.current(name));
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current as HTMLElement);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [points]);
  const last = points.at(-1);
  const words = `${points[0]?.day} 至 ${last?.day}：覆盖率 ${formatRate(last?.coverage ?? null)}，缴费率 ${formatRate(last?.paying ?? null)}`;
  return <div ref={box} className="trend-chart" role="img" aria-label={words} />;
}
