import type { Tx } from '../db/port.ts';

/** Parts of the schema as lines `table: what`, from the catalog alone, the same on PostgreSQL 15 and 18. */
const PARTS: readonly string[] = [
  `select c.relname || ': table' || case c.relpersistence when 'u' then ' unlogged' else '' end
     || case when c.relrowsecurity then ' row security' else '' end as line
   from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
  `select c.relname || ': ' || lpad(a.attnum::text, 2, '0') || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
     || case when a.attcollation <> 0 and l.collname <> 'default' then ' collate ' || quote_ident(l.collname) else '' end
     || case when a.attnotnull then ' not null' else '' end
     || case a.attidentity when 'd' then ' identity by default' when 'a' then ' identity always' else '' end
     || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_collation l on l.oid = a.attcollation
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
  `select c.relname || ': constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as line
   from pg_constraint k join pg_class c on c.oid = k.conrelid
   where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'c', 'f', 'x')`,
  `select tablename || ': index ' || indexdef from pg_indexes where schemaname = 'public'`,
  `select tablename || ': policy ' || policyname || ' ' || permissive || ' ' || cmd || ' to ' || array_to_string(roles, ',')
     || coalesce(' using ' || regexp_replace(qual, '\\s+', ' ', 'g'), '')
     || coalesce(' check ' || regexp_replace(with_check, '\\s+', ' ', 'g'), '')
   from pg_policies where schemaname = 'public'`,
  `select c.relname || ': grant ' || string_agg(a.privilege_type, ',' order by a.privilege_type) || ' to '
     || case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee) end
   from pg_class c, aclexplode(c.relacl) a
   where c.relkind in ('r', 'p', 'S') and c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
   group by c.relname, a.grantee`,
];

export async function schemaText(tx: Tx): Promise<string> {
  const lines: string[] = [];
  for (const part of PARTS) {
    const rows = await tx.query<{ line: string }>(`select line from (${part}) as p (line)`);
    lines.push(...rows.map((row) => row.line));
  }
  const order = ['table', '', 'constraint', 'index', 'policy', 'grant'];
  const rank = (line: string): number => {
    const kind = /^\w+: (\w+)/.exec(line)?.[1] ?? '';
    return Math.max(1, order.indexOf(kind)) - (kind === 'table' ? 1 : 0);
  };
  const tableOf = (line: string): string => line.slice(0, line.indexOf(':'));
  const before = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  lines.sort((a, b) => before(tableOf(a), tableOf(b)) || rank(a) - rank(b) || before(a, b));
  return `${lines.join('\n')}\n`;
}
