/** One sheet of styles for everything the campaign leaves; no page asks for anything from elsewhere. */
export const STYLE = `
:root{--ink:#1d2129;--soft:#5b6472;--line:#d5dae2;--brand:#1f5fa8;--red:#c4161c;--paper:#fff;--ground:#f2f4f7}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.65 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif}
a{color:var(--brand);text-decoration:none}a:hover{text-decoration:underline}
main{margin:0 auto;padding:24px 32px 64px}
.index main{max-width:1180px}.wide main{max-width:1600px;background:var(--paper)}.sheet main{max-width:240mm}
.back{margin:0;padding:8px 32px;background:#fff;border-bottom:1px solid var(--line);font-size:13px}
.cover{margin:0 0 20px;padding:26px 32px;background:#fff;border-top:4px solid var(--red)}
.cover h1{margin:0 0 6px;font-size:26px}.cover p{margin:0;color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;margin-top:18px;background:var(--line);border:1px solid var(--line)}
.cards div{padding:10px 14px;background:#fff}.cards b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.cards span{color:var(--soft);font-size:12px}
.months{position:sticky;top:0;z-index:1;display:flex;gap:24px;padding:10px 32px;background:#fff;border-bottom:1px solid var(--line)}
h2{margin:30px 0 10px;font-size:19px}
.day{display:grid;grid-template-columns:104px minmax(0,1fr);margin-bottom:8px;background:#fff;border-left:3px solid var(--line)}
.day header{padding:12px 14px;border-right:1px solid #eceff3}.day h3{margin:0;font-size:15px}.day header span{color:var(--soft);font-size:12px}
.day>div{padding:11px 16px}.said,.pieces{margin:0;padding-left:18px}.said li{margin:1px 0}.said.many{columns:2;column-gap:32px}
.pieces{display:flex;flex-wrap:wrap;gap:6px 10px;margin:8px 0 4px;padding:0;list-style:none}
.pieces li{padding:2px 9px;border:1px solid #c9d6e6;background:#f7fafd;font-size:13px}.pieces .of-paper{border-color:#e6b9bb;background:#fdf6f6}
.also{color:var(--soft);font-size:12px}
.shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:10px;margin:10px 0}
.shot img{display:block;width:100%;border:1px solid var(--line)}.shot span{font-size:12px;color:var(--soft)}
.numbers{display:flex;flex-wrap:wrap;gap:2px 18px;margin:6px 0 0;color:var(--soft);font-size:12px}.numbers b{color:var(--ink);font-variant-numeric:tabular-nums}
.held{color:#237a43}.broken{padding:12px 16px;background:#fdecec;border-left:4px solid var(--red);font-weight:700}
.annex{margin:0 0 4px;font:16px "SimHei","Noto Sans CJK SC",sans-serif}
.wide h1,.attached h1{margin:4px 0 10px;text-align:center;font:700 22px/1.4 "Noto Serif CJK SC","SimSun",serif}
.meta{display:flex;justify-content:space-between;margin:0 0 6px;font-family:"Noto Serif CJK SC","SimSun",serif}
.scroll{overflow-x:auto}
.form{width:100%;border-collapse:collapse;background:#fff;font:13px/1.4 "Noto Serif CJK SC","SimSun",serif}
.form caption{padding:8px;font:700 14px "Noto Sans CJK SC",sans-serif}
.form th,.form td{padding:4px 6px;border:1px solid #333;text-align:center}.form th{font-weight:600}.form th.joined{border-top:0}
.form .right{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.form .left{text-align:left}.form .total{font-weight:700;background:#f6f6f2}
.form .numbered td{color:#555;font-size:11px}.note{margin:6px 0 0;font-family:"Noto Serif CJK SC",serif}
.paper{padding:24mm 26mm;background:#fff;border:1px solid var(--line);font:16pt/28pt "FangSong","Noto Serif CJK SC",serif}
.paper p{margin:0;text-indent:2em;text-align:justify}.paper h2{margin:0;text-indent:2em;font:16pt/28pt "SimHei","Noto Sans CJK SC",sans-serif}
.paper .red{margin-bottom:14pt;color:#e60012;font:700 28pt/1.3 "Noto Serif CJK SC",serif;text-align:center;text-indent:0}
.paper .number{text-align:center;text-indent:0}.paper .ruled{border-bottom:2pt solid #e60012}
.paper h1{margin:28pt 0;font:700 22pt/32pt "Noto Serif CJK SC",serif;text-align:center;text-wrap:balance}
.paper .to,.paper .cc{text-indent:0}.paper .cc{margin-top:24pt;padding:2pt 1em;border-block:1px solid #000;font-size:14pt}
.paper .signed{margin-top:48pt}.paper .signed p{padding-right:2em;text-align:right;text-indent:0}
.paper .form{margin:10px 0 14px;font-size:10.5pt}.attached{margin-top:24px;padding:20px;background:#fff;border:1px solid var(--line)}
.bars{margin:10px 0;font:10.5pt/1.5 "Noto Serif CJK SC",serif}.bars figcaption{text-align:center;font-weight:700}
.bars div{display:grid;grid-template-columns:9em minmax(0,1fr) 6em;gap:8px;align-items:center}.bars span{text-align:right}.bars i{border-left:1px solid #888}.bars i b{display:block;height:11px;background:#2f6ca8}.bars em{font-style:normal}
.chart{margin:0 0 18px;padding:14px 16px;background:#fff;border:1px solid var(--line)}.chart h3{margin:0 0 6px;font-size:15px}.chart svg{display:block;width:100%;height:auto}
.chart text{font:16px "Noto Sans CJK SC",sans-serif;fill:var(--soft)}.chart .plan{stroke-dasharray:5 4}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:16px}
.small{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:10px}.small .chart{margin:0;padding:8px 10px}.small h3{font-size:13px}.small .chart text{font-size:13px}
.figures{width:100%;border-collapse:collapse;background:#fff}.figures th,.figures td{padding:5px 10px;border:1px solid var(--line);text-align:right;font-variant-numeric:tabular-nums}.figures th:first-child,.figures td:first-child{text-align:left}
@media print{body{background:#fff}.back,.months{display:none}.day{break-inside:avoid}}
`;
