import postgres from "postgres";

/**
 * What a database is made of, one line a thing, in an order that does not depend on the server: tables, columns,
 * constraints, indexes, types, triggers, functions (by a hash of their body) and who was granted what. The job queue's
 * own schema is left out: graphile-worker migrates it by itself. Says the same on PostgreSQL 15 and 18.
 */
export async function catalogueOf(ownerUrl: string): Promise<string> {
  const client = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const lines: string[] = [];
    for (const query of QUERIES) {
      const rows = await client.unsafe<{ line: string }[]>(query);
      lines.push(...rows.map(({ line }) => line.replaceAll(/\s+/g, " ")));
    }
    return `${lines.toSorted().join("\n")}\n`;
  } finally {
    await client.end();
  }
}

const IS_OURS = "n.nspname !~ '^(pg_|information_schema$|graphile_worker$|drizzle$)'";
const relation = "n.nspname || '.' || c.relname";
const grantee = "case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee) end";
const signature = "n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'";

const QUERIES: readonly string[] = [
  `select concat_ws(' ', case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
      when 'm' then 'view' when 'S' then 'sequence' end, ${relation}, 'kind', c.relkind,
      'owner', pg_get_userbyid(c.relowner), 'options', c.reloptions::text,
      case when c.relrowsecurity then 'row security' end,
      case when c.relkind in ('v', 'm') then md5(pg_get_viewdef(c.oid)) end) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${IS_OURS} and c.relkind in ('r', 'p', 'v', 'm', 'S')`,
  `select concat_ws(' ', 'column', ${relation} || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end, 'identity ' || nullif(a.attidentity::text, ''),
      case when a.attgenerated <> '' then 'generated' else 'default' end || ' ' || pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where ${IS_OURS} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  // From 18 on "not null" is a constraint of its own; the columns say it already.
  `select concat_ws(' ', 'constraint', ${relation} || '.' || k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${IS_OURS} and k.contype <> 'n'`,
  `select concat_ws(' ', 'index', n.nspname || '.' || i.relname, pg_get_indexdef(i.oid)) as line
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace where ${IS_OURS}`,
  `select concat_ws(' ', 'type', n.nspname || '.' || t.typname,
      (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid),
      case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end) as line
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where ${IS_OURS} and t.typtype in ('e', 'd')`,
  `select concat_ws(' ', 'trigger', ${relation} || '.' || t.tgname, pg_get_triggerdef(t.oid)) as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${IS_OURS} and not t.tgisinternal`,
  `select concat_ws(' ', 'function', ${signature}, 'returns', pg_get_function_result(p.oid), 'owner', pg_get_userbyid(p.proowner),
      'volatility', p.provolatile, case when p.prosecdef then 'security definer' end, case when p.proisstrict then 'strict' end,
      p.proconfig::text, md5(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc))) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${IS_OURS}`,
  `select concat_ws(' ', 'grant', ${grantee}, a.privilege_type, 'on', ${relation}) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
    where ${IS_OURS} and c.relkind in ('r', 'p', 'v', 'm', 'S') and a.grantee <> c.relowner`,
  `select concat_ws(' ', 'grant', ${grantee}, a.privilege_type, 'on', ${relation} || '.' || t.attname) as line
    from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(t.attacl) a where ${IS_OURS}`,
  // Without an entry of its own a function may be run by everybody.
  `select concat_ws(' ', 'grant', ${grantee}, a.privilege_type, 'on', ${signature}) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where ${IS_OURS} and a.grantee <> p.proowner`,
  `select concat_ws(' ', 'grant', ${grantee}, a.privilege_type, 'on schema', n.nspname) as line
    from pg_namespace n, aclexplode(n.nspacl) a where ${IS_OURS} and a.grantee <> n.nspowner`,
];
