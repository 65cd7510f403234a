import fc, { type Arbitrary } from 'fast-check';

/** The parts of JSON schema that the contract uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
}

/** Values that fit a schema of the contract. @throws where the contract has come to use something else */
export function fitting(schema: unknown): Arbitrary<unknown> {
  const s = schema as Schema;
  if (s.const !== undefined) return fc.constant(s.const);
  if (s.enum !== undefined) return fc.constantFrom(...s.enum);
  if (s.anyOf !== undefined) return fc.oneof(...s.anyOf.map(fitting));
  if (s.allOf !== undefined) {
    return fc.tuple(...s.allOf.map(fitting)).map((parts) => Object.assign({}, ...(parts as object[])));
  }
  switch (s.type) {
    case 'object': {
      if (s.patternProperties !== undefined) {
        const [inner] = Object.values(s.patternProperties);
        return fc.dictionary(fc.string({ maxLength: 8 }), fitting(inner), { maxKeys: 3 });
      }
      const properties = Object.entries(s.properties ?? {}).map(([key, one]) => [key, fitting(one)] as const);
      return fc.record(Object.fromEntries(properties), { requiredKeys: [...(s.required ?? [])] });
    }
    case 'array':
      return fc.array(fitting(s.items), { maxLength: Math.min(3, s.maxItems ?? 3) });
    case 'string':
      if (s.pattern !== undefined) return fc.stringMatching(new RegExp(s.pattern), { size: 'small' });
      return fc.oneof(
        fc.string({
          minLength: s.minLength ?? 0,
          maxLength: Math.min(40, s.maxLength ?? 40),
          unit: 'grapheme',
        }),
        fc.constantFrom('430981006', '2020-10-31', 'annex4', '核对'),
      );
    case 'integer':
      return fc.integer({ min: s.minimum ?? -5, max: Math.min(s.maximum ?? 2_000, 2_000_000) });
    case 'number':
      return fc.double({ min: s.minimum ?? -1e6, max: s.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new Error(`values.ts knows no ${JSON.stringify(schema)}`);
  }
}

/** What nobody types and somebody will send. */
const ODD: readonly unknown[] = [
  '',
  '\u0000',
  '\ud800',
  "'; drop table person; --",
  '../../keys.json',
  '=HYPERLINK("http://x")',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '2020-02-31',
  '9999-99-99',
  -1,
  0,
  2_147_483_648,
  99_999_999_999_999,
  1e308,
  null,
  [],
  {},
  true,
  { __proto__: null, constructor: 1 },
];

/** The value with one place, chosen at random, spoilt; sometimes as it is. */
export function odd(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(value, fc.nat(), fc.constantFrom(...ODD), fc.boolean())
    .map(([body, at, what, leave]) => (leave && at % 3 === 0 ? body : spoilt(body, at, what)));
}

function spoilt(value: unknown, at: number, what: unknown): unknown {
  if (value === null || typeof value !== 'object') return what;
  const keys = Object.keys(value);
  if (keys.length === 0) return what;
  const key = keys[at % keys.length] as string;
  const inner = spoilt((value as Record<string, unknown>)[key], Math.floor(at / keys.length), what);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}
