/** Such texts never have a `+` or `/` in base64, so that only the padding must go. */
const globalId = (type: string, key: string) => `rtrim(encode(('${type}:' || ${key})::bytea, 'base64'), '=')`

const moment = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * The data of the list query as one statement makes it: the brand's id in, one text out. Rows are turned into JSON by
 * row_to_json, whose text is as compact as JSON.stringify's. Limits are in the text: with parameters in their place
 * the planner would believe in a long list, and plan anew each time.
 */
export const listStatement = `/* bench: the list as JSON */
with page as materialized (
  select array(
    select row_to_json(node) from (
      select ${globalId('Bet', 'b.id')} as id, b.transaction_key as "transactionKey", b.status, b.result, b.kind,
        stake, payout, ${moment('b.placed_at')} as "placedAt", ${moment('b.settled_at')} as "settledAt",
        player, game, round, session
      from bets b
      cross join lateral (select b.stake_minor::text as "minorUnits", b.currency) stake
      cross join lateral (select b.payout_minor::text as "minorUnits", b.currency) payout
      join lateral (
        select ${globalId('Player', 'p.id')} as id, p.external_id as "externalId", p.status, p.country
        from players p where p.id = b.player_id) player on true
      join lateral (
        select ${globalId('Game', 'g.id')} as id, g.code, g.name, g.category, provider
        from games g
        join lateral (
          select ${globalId('Provider', 'v.id')} as id, v.code, v.name
          from providers v where v.id = g.provider_id) provider on true
        where g.id = b.game_id) game on true
      join lateral (
        select ${globalId('Round', 'r.id')} as id, r.round_key as "roundKey", r.status,
          ${moment('r.started_at')} as "startedAt"
        from rounds r where r.id = b.round_id) round on true
      join lateral (
        select ${globalId('Session', 's.id')} as id, s.status, s.country, ${moment('s.opened_at')} as "openedAt"
        from sessions s where s.id = b.session_id) session on true
      where b.brand_id = $1
      order by b.id desc
      limit 51) node) as found)
select row_to_json(data)::text as data
from (select bets
  from (select found[1:50] as nodes, info as "pageInfo"
    from page, lateral (select cardinality(found) > 50 as "hasNextPage") info) bets) data`
