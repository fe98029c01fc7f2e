// What the database's own catalog must say: keys, checks, column types, and what the server's role may do.
import { appRole } from '../../db/grants.ts'
import { atOnce } from './parts.ts'
import type { Invariant } from './types.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const rows = (values: readonly (readonly string[])[]) =>
  values.map((one) => `(${one.map(quoted).join(', ')})`).join(', ')

/** The table by the name e.tab and all its partitions. */
const everyPart = `
  join pg_class t on t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')
    and coalesce(pg_partition_root(t.oid), t.oid) = to_regclass('public.' || e.tab)`

/** Each table, and each of its partitions, has the CHECK, and all rows were tried against it. */
export const enforced = (checks: readonly (readonly [table: string, name: string])[]) =>
  atOnce(`
    select case when not exists (
      select from pg_constraint c
      where c.conrelid = t.oid and c.conname = e.name and c.contype = 'c' and c.convalidated)
      then format('table %s lacks the check %s', coalesce(t.relname, e.tab), e.name) end as who
    from (values ${rows(checks)}) e(tab, name) left ${everyPart.trim()}`)

const keys: Invariant = {
  id: 'I6',
  says: 'the keys that money rests on are unique, in every partition',
  check: atOnce(`
    select case when not exists (
      select from pg_index i where i.indrelid = t.oid and i.indisunique and i.indisvalid and i.indpred is null
        and e.columns = (
          select string_agg(a.attname, ' ' order by k.n) from unnest(i.indkey::int2[]) with ordinality k(att, n)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.att))
      then format('table %s has no unique key (%s)', coalesce(t.relname, e.tab), e.columns) end as who
    from (values ${rows([
      ['transactions', 'scope_id transaction_key'],
      ['journal', 'lane seq'],
      ['ledger_entries', 'lane seq leg'],
      ['wallets', 'player_id currency'],
      ['rounds', 'provider_account_id round_key player_id'],
      ['bets', 'id'],
      ['audit_entries', 'id'],
      ['seals', 'chain number'],
    ])}) e(tab, columns) left ${everyPart.trim()}`),
}

/** What is written once. */
const kept = rows([['journal'], ['ledger_entries'], ['audit_entries'], ['seals']])

const rights: Invariant = {
  id: 'I19',
  says: `the role ${appRole} may not change or delete journal, ledger, audit or seals`,
  check: atOnce(`
    select case when r.oid is null then 'there is no role ${appRole}'
      when r.rolsuper then 'the role ${appRole} is a superuser'
      when t.oid is null then format('there is no table %s', e.tab)
      when pg_has_role(r.oid, t.relowner, 'USAGE') then format('the role ${appRole} owns %s', t.relname)
      when has_any_column_privilege(r.oid, t.oid, 'UPDATE') then format('the role ${appRole} may update %s', t.relname)
      when has_table_privilege(r.oid, t.oid, 'DELETE') then format('the role ${appRole} may delete from %s', t.relname)
      when has_table_privilege(r.oid, t.oid, 'TRUNCATE') then format('the role ${appRole} may truncate %s', t.relname)
      end as who
    from (values ${kept}) e(tab) left join pg_roles r on r.rolname = '${appRole}' left ${everyPart.trim()}`),
}

const triggers: Invariant = {
  id: 'I19',
  says: 'no trigger and no rule acts on journal, ledger, audit or seals',
  check: atOnce(`
    select coalesce(
      (select format('table %s has the trigger %s', t.relname, g.tgname) from pg_trigger g
       where g.tgrelid = t.oid and not g.tgisinternal limit 1),
      (select format('table %s has the rule %s', t.relname, w.rulename) from pg_rewrite w
       where w.ev_class = t.oid limit 1)) as who
    from (values ${kept}) e(tab) ${everyPart}`),
}

const integers: Invariant = {
  id: 'I20',
  says: 'amounts are whole numbers of 64 bits; no column of any table is a float',
  check: atOnce(`
    select case when a.atttypid in ('float4'::regtype, 'float8'::regtype, 'money'::regtype)
        or (a.attname ~ '(_minor|^balance_after)$' and a.atttypid <> 'int8'::regtype) then
      format('column %s of table %s is %s', a.attname, t.relname, format_type(a.atttypid, a.atttypmod)) end as who
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')`),
}

export const catalog: readonly Invariant[] = [keys, rights, triggers, integers]
