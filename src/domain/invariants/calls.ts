// What stands beside the money: provider calls and operators' actions, each of which leads to what came of it.
import { providerCalls } from '../../db/tables/providers.ts'
import { atOnce, byId, byLane, inPart } from './parts.ts'
import type { Invariant } from './types.ts'

const effects = providerCalls.effect.enumValues.map((value) => `'${value}'`).join(', ')

const callEffects: Invariant = {
  id: 'I23',
  says: 'a call from a provider leads to the transaction that its effect speaks of',
  over: 'provider_calls',
  check: byId(
    'provider_calls',
    `select case when c.effect not in (${effects})
         or (c.transaction_id is not null
           and (t.id is null or t.provider_account_id is distinct from c.provider_account_id))
         or not case c.effect
           when 'EFFECT' then c.verdict = 'OK' and t.verdict is not distinct from 'OK'
           when 'DUPLICATE' then c.verdict = 'REPLAY' and t.id is not null
           when 'DECLINED' then c.verdict not in ('OK', 'REPLAY') and (t.id is null or t.verdict = c.verdict)
           when 'READ' then t.id is null
           else c.verdict not in ('OK', 'REPLAY') end then
       format('call %s of %s (key %s): %s answered %s, transaction %s %s', c.id, c.received_at, c.transaction_key,
         c.effect, c.verdict, coalesce(c.transaction_id::text, 'none'), coalesce(t.verdict, 'is not there')) end as who
     from provider_calls c left join lateral (
       select t.id, t.verdict, t.provider_account_id from transactions t
       where t.id = c.transaction_id limit 1) t on true
     where c.id > $1::uuid and c.id <= $2::uuid and c.direction = 'INBOUND'`,
  ),
}

const rememberedAnswers: Invariant = {
  id: 'I17',
  says: 'a remembered answer to an operator has its audit entry',
  check: atOnce(`
    select case when not exists (select from audit_entries a where a.id = (k.result ->> 'auditEntryId')::uuid) then
      format('%s of %s with key %s: audit entry %s is not there', k.mutation, k.actor_id, k.key,
        k.result ->> 'auditEntryId') end as who
    from mutation_keys k`),
}

/** The smallest UUIDv7 of a moment, some minutes on. */
const idAround = (minutes: number) =>
  `(lpad(to_hex((extract(epoch from j.recorded_at) * 1000)::bigint + ${minutes * 60_000}), 12, '0')
    || repeat('0', 20))::uuid`

const actionsOfOperators: Invariant = {
  id: 'I17',
  says: "an operator's event has an audit entry of the same request",
  over: 'journal',
  // Found by its subject or as the transaction's own; whatever else it was about, by the actor and the time.
  check: byLane(`
    select case when not exists (
        select from audit_entries a where a.actor_id = j.actor_id and a.request_id = j.trace
          and (a.id = j.transaction_id or a.subject_id = any(array[j.player_id, j.session_id, j.round_id, j.bet_id])))
      and not exists (
        select from audit_entries a where a.actor_id = j.actor_id and a.request_id = j.trace
          and a.id between ${idAround(-5)} and ${idAround(5)}) then
      format('lane %s seq %s: %s by %s in request %s', j.lane, j.seq, j.type, j.actor_id, j.trace) end as who
    from journal j where ${inPart('j')} and j.actor_kind in ('OPERATOR', 'TOKEN')`),
}

export const calls: readonly Invariant[] = [callEffects, rememberedAnswers, actionsOfOperators]
