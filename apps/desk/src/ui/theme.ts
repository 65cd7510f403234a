import type { ThemeConfig } from 'antd';

/** One calm office language; the same values stand in desk.css. Every text colour is at least 4.5:1 on its ground. */
export const THEME: ThemeConfig = {
  token: {
    colorPrimary: '#1d5a8f',
    colorInfo: '#1d5a8f',
    colorLink: '#1d5a8f',
    colorSuccess: '#2b7a4b',
    colorWarning: '#9a5b00',
    colorError: '#b42318',
    colorWarningBg: '#fff4e0',
    colorWarningBorder: '#ecd3a4',
    colorErrorBg: '#fdeeec',
    colorErrorBorder: '#eebfb9',
    colorSuccessBg: '#eaf5ee',
    colorSuccessBorder: '#b5d9c3',
    colorInfoBg: '#e6eff7',
    colorInfoBorder: '#b3cde3',
    colorText: '#1d2733',
    colorTextSecondary: '#4a5766',
    colorTextTertiary: '#5b6775',
    colorTextDescription: '#4a5766',
    colorTextPlaceholder: '#667080',
    colorBorder: '#b9c2cc',
    colorBgLayout: '#f3f5f7',
    borderRadius: 4,
    fontSize: 14,
    controlHeight: 32,
    fontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    // Whoever asks the machine for stillness gets it.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.1s',
    motionDurationSlow: '0.15s',
  },
};
