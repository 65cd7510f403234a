import type { Random } from './random.ts';

/** Common first: the front of the list is drawn more often. */
const SURNAMES = [
  ...'王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '𠮷',
];
const MALE =
  '伟强军磊勇斌涛杰鹏辉波刚健明亮平建国志海峰文华林东宇浩然博俊凯翔飞龙成立新民生福贵春来长根宏业松柏云山川泽㛃䶮';
const FEMALE =
  '芳娜敏静丽艳娟霞秀英红玉兰梅桂花香莲凤珍翠云燕玲慧雪琴婷颖佳怡梦瑶欣悦雨菲春冬桃菊喜银满秋月䶮';
const maleCharacters = [...MALE];
const femaleCharacters = [...FEMALE];

export function surname(random: Random): string {
  return SURNAMES[Math.floor(random.next() ** 2 * SURNAMES.length)] as string;
}

export function givenName(random: Random, male: boolean): string {
  const characters = male ? maleCharacters : femaleCharacters;
  const first = random.pick(characters);
  return random.chance(0.25) ? first : first + random.pick(characters);
}
