// Where a moment lies in a wallet's own entries: they are numbered without holes and their stamps rise with the
// numbers, so it is found by halving, some twenty steps along an index for a million entries.

/** What retention left of a wallet: its newest dropped version and the sums of what was dropped. In SQL. */
export const openingOf = (walletId: string) => `(
  select coalesce(max(o.wallet_version), 0) as version,
    coalesce(sum(o.amount_minor) filter (where o.account = 'CASH'), 0)::bigint as cash,
    coalesce(sum(o.amount_minor) filter (where o.account = 'BONUS'), 0)::bigint as bonus,
    coalesce(sum(o.amount_minor) filter (where o.account = 'OWED'), 0)::bigint as owed
  from ledger_openings o where o.wallet_id = ${walletId})`

/**
 * The version of the newest entry of a wallet that was recorded at or before a moment; that of its opening (0 while
 * nothing was dropped) when there is none. In SQL: a scalar of a wallet's id and a timestamptz.
 */
export const versionAt = (walletId: string, at: string) => `(
  with recursive span(low, high) as (
    select o.version, greatest(o.version, coalesce((
      select l.wallet_version from ledger_entries l
      where l.wallet_id = ${walletId} and l.wallet_version is not null order by l.wallet_version desc limit 1), 0))
    from ${openingOf(walletId)} o
    union all
    select case when l.recorded_at <= ${at} then s.middle else s.low end,
      case when l.recorded_at <= ${at} then s.high else s.middle - 1 end
    from (select low, high, (low + high + 1) / 2 as middle from span where low < high) s
    cross join lateral (
      select l.recorded_at from ledger_entries l
      where l.wallet_id = ${walletId} and l.wallet_version = s.middle limit 1) l
  ) select low from span where low >= high)`
