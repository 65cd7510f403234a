import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { amount, type Series } from './cockpit.ts';

use([LineChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

interface Props {
  readonly days: readonly string[];
  readonly series: Series;
  readonly unit: string;
  readonly asOf: string;
  readonly due: string;
  /** Where the pace of the last days leads. */
  readonly atDue?: number | undefined;
  /** On the wall: light on dark, and large. */
  readonly large?: boolean;
}

const DESK = { text: '#4a5766', grid: '#e6eaee', planned: '#667080', done: '#1d5a8f', ahead: '#9a5b00' };
const WALL = { text: '#d3e0ec', grid: '#33557a', planned: '#d3e0ec', done: '#7fd0ff', ahead: '#ffd28a' };

/** A part of the way from the first day to the last, in milliseconds. */
function dayAt(days: readonly string[], part: number): number {
  const [first, last] = [days[0], days.at(-1)].map((day) => new Date(`${day}T00:00`).getTime()) as [
    number,
    number,
  ];
  return Math.round(first + (last - first) * part);
}

export default function BurnUpChart({ days, series, unit, asOf, due, atDue, large = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const last = series.done.findLast((n) => n !== null) ?? null;
  useEffect(() => {
    const chart = init(box.current, undefined, { renderer: 'svg' });
    const color = large ? WALL : DESK;
    const fontSize = large ? Math.max(16, Math.round(window.innerWidth / 70)) : 12;
    // Measured before it is drawn: `inherit` would be measured as another font.
    const { fontFamily } = getComputedStyle(document.body);
    const labels = { fontFamily, fontSize, color: color.text };
    const parts = large ? 2 : 3;
    const ticks = { customValues: Array.from({ length: parts + 1 }, (_, n) => dayAt(days, n / parts)) };
    const width = large ? 5 : 2;
    const said = (value: unknown): string =>
      amount(unit, Array.isArray(value) ? Number(value[1]) : Number(value));
    const line = (name: string, points: [string, number][], stroke: string, type: string, end: boolean) => ({
      type: 'line',
      name,
      color: stroke,
      symbol: 'none',
      lineStyle: { width, type },
      // Two ends that come close keep their words apart.
      labelLayout: { moveOverlap: 'shiftY' },
      data: points,
      endLabel: {
        show: end,
        ...labels,
        color: stroke,
        formatter: ({ value }: { value: unknown }) => `${name}${large ? '\n' : ' '}${said(value)}`,
      },
    });
    const known = days.flatMap((day, i): [string, number][] => {
      const n = series.done[i];
      return n === null || n === undefined ? [] : [[day, n]];
    });
    const planned = days.map((day, i): [string, number] => [day, series.planned[i] ?? 0]);
    const ahead = atDue !== undefined && last !== null && asOf < due;
    chart.setOption({
      animation: false,
      grid: { left: 16, right: large ? fontSize * 5 : 130, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        axisLabel: { ...labels, ...ticks, formatter: '{M}月{d}日' },
        axisTick: ticks,
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        splitNumber: 4,
        axisLabel: {
          ...labels,
          formatter: (n: number) => (unit === 'fen' ? `${n / 1_000_000}万` : String(n)),
        },
        splitLine: { lineStyle: { color: color.grid } },
      },
      tooltip: { trigger: 'axis', valueFormatter: said },
      series: [
        line('应完成', planned, color.planned, 'dashed', true),
        // Where a forecast goes on from it, its own end is labelled.
        line('已完成', known, color.done, 'solid', !ahead),
        ...(ahead
          ? [
              line(
                '预计',
                [
                  [asOf, last],
                  [due, atDue],
                ],
                color.ahead,
                'dotted',
                true,
              ),
            ]
          : []),
      ],
    });
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current as HTMLElement);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [days, series, unit, asOf, due, atDue, large, last]);
  const words = `${series.place.name}：任务 ${amount(unit, series.amount)}，截至 ${asOf} 完成 ${amount(unit, last)}，期限 ${due}`;
  return <div ref={box} className="burn-up-chart" role="img" aria-label={words} />;
}
