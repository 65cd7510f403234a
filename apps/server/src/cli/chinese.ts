import type { Command, Help, HelpConfiguration, Option } from 'commander';

/** Commander's own words in Chinese: help, usage and errors. */

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

const PLACES: readonly (readonly [string, string])[] = [
  ['[options]', '[选项]'],
  ['[command]', '[命令]'],
];

function inChinese(text: string): string {
  return PLACES.reduce((said, [english, chinese]) => said.replace(english, chinese), text);
}

export const CHINESE_HELP: HelpConfiguration = {
  styleTitle: (title: string) => TITLES[title] ?? title,
  commandUsage(this: Help, command: Command) {
    const names: string[] = [command.name()];
    for (let above = command.parent; above !== null; above = above.parent) names.unshift(above.name());
    return inChinese(`${names.join(' ')} ${command.usage()}`);
  },
  subcommandTerm(this: Help, command: Command) {
    const places = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    });
    return [command.name(), ...(command.options.length > 0 ? ['[选项]'] : []), ...places].join(' ');
  },
  optionDescription(this: Help, option: Option) {
    const choices = option.argChoices === undefined ? '' : `（可选：${option.argChoices.join('、')}）`;
    const shown = option.defaultValue === undefined ? '' : `（缺省 ${option.defaultValue}）`;
    return `${option.description}${choices}${shown}`;
  },
} as HelpConfiguration;

const ERRORS: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/^unknown command '(.*?)'/, (name) => `没有名为 ${name} 的命令。`],
  [/^unknown option '(.*?)'/, (name) => `没有 ${name} 这个选项。`],
  [/^missing required argument '(.*?)'/, (name) => `缺少参数 <${name}>。`],
  [/^required option '(.*?)' not specified/, (name) => `缺少必需的选项 ${name}。`],
  [/^option '(.*?)' argument missing/, (name) => `选项 ${name} 后面要写一个值。`],
  [
    /^option '(.*?)' argument '(.*?)' is invalid\. Allowed choices are (.*?)\./s,
    (name, value, choices) => `选项 ${name} 的值 ${value} 不在可选范围内：${choices}。`,
  ],
  [
    /^option '(.*?)' argument '(.*?)' is invalid\. ?(.*)/s,
    (name, value, why) => `选项 ${name} 的值 ${value} 不对。${why}`,
  ],
  [
    /^command-argument value '(.*?)' is invalid for argument '(.*?)'\. ?(.*)/s,
    (value, name, why) => `参数 ${name} 的值 ${value} 不对。${why}`,
  ],
  [
    /^too many arguments.*Expected (\d+) arguments? but got (\d+)/s,
    (want, got) => `参数多了：应有 ${want} 个，写了 ${got} 个。`,
  ],
  [
    /^option '(.*?)' cannot be used with option '(.*?)'/,
    (one, other) => `选项 ${one} 与 ${other} 不能同时使用。`,
  ],
];

/** One of commander's error messages, said in Chinese. */
export function errorInChinese(message: string): string {
  const text = message.trim();
  if (!text.startsWith('error: ')) return text;
  const english = text.slice('error: '.length);
  const similar = /\(Did you mean (?:one of )?(.*?)\?\)/s.exec(english)?.[1];
  for (const [pattern, say] of ERRORS) {
    const found = pattern.exec(english);
    if (found === null) continue;
    return `${say(...found.slice(1)).trim()}${similar === undefined ? '' : `是不是要用 ${similar}？`}`;
  }
  return text;
}
