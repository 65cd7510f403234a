/** 附件1 of 沅人社发〔2020〕44号, in printed order: the left block from the top, then the right one. */
export const ANNEX1_YUANJIANG = {
  year: 2020,
  county: { code: '430981', name: '沅江市' },
  units: [
    { name: '草尾镇', target: 13915 },
    { name: '茶盘洲镇', target: 5649 },
    { name: '共华镇', target: 7220 },
    { name: '黄茅洲镇', target: 10633 },
    { name: '漉湖芦苇场', target: 1301 },
    { name: '南大膳镇', target: 13033 },
    { name: '南洞庭芦苇场', target: 1771 },
    { name: '南嘴镇', target: 3055 },
    { name: '琼湖街道', target: 33740 },
    { name: '四季红镇', target: 2535 },
    { name: '泗湖山镇', target: 9149 },
    { name: '新湾镇', target: 2966 },
    { name: '胭脂湖街道', target: 8694 },
    { name: '阳罗洲镇', target: 6426 },
  ],
  total: 120087,
} as const;
