import { type SQL, sql } from "drizzle-orm";

/**
 * The joins that `exclusionReason` reads, for a query over `contacts`: the state for a purpose as `state`, its wording as
 * `wording`, the first active block as `block`. Each names the contact's lane.
 */
export function consentJoins(purposeId: string, at: Date): SQL {
  const now = sql`${at}::timestamptz`;
  return sql`
    left join consent_state as state
      on state.lane = contacts.lane and state.contact_id = contacts.id and state.purpose_id = ${purposeId}::uuid
    left join wording_versions as wording on wording.id = state.wording_version_id
    left join lateral (
      select suppression.kind from contact_suppressions as suppression
      where suppression.lane = contacts.lane and suppression.contact_id = contacts.id and suppression.lifted_at is null
        and (suppression.until is null or suppression.until > ${now})
        and (suppression.scope = 'all' or (select category from purposes where id = ${purposeId}::uuid) = 'MARKETING')
      order by suppression.kind limit 1
    ) as block on true`;
}

/**
 * Why a contact may not be written to at an instant, or null: the first that applies of the gate's checks 4, 5 and 6
 * (compliance/design.md 3.1), so that figures shown before equal what the gate decides.
 */
export function exclusionReason(at: Date): SQL {
  return sql`case
    when contacts.erased_at is not null then 'erased'
    when contacts.merged_into is not null then 'merged'
    when contacts.restricted_at is not null then 'restricted'
    when state.status is null or state.status = 'none' then 'no_consent'
    when state.status <> 'granted' then 'consent_' || state.status
    when state.expires_at <= ${at}::timestamptz then 'consent_expired'
    when wording.revoked_at is not null then 'wording_revoked'
    when state.basis_event_id is null then 'no_consent'
    when block.kind is not null then 'suppressed_' || block.kind
    end`;
}

/** True where a contact may be written to for a purpose now: for a query that has no other use for the joins. */
export function eligibleForPurpose(purposeId: string, at: Date): SQL {
  return sql`(contacts.erased_at is null and contacts.merged_into is null and contacts.restricted_at is null and exists (
    select from consent_state as state
    left join wording_versions as wording on wording.id = state.wording_version_id
    where state.lane = contacts.lane and state.contact_id = contacts.id and state.purpose_id = ${purposeId}::uuid
      and state.status = 'granted' and state.expires_at > ${at}::timestamptz and state.basis_event_id is not null
      and wording.revoked_at is null
  ) and not exists (
    select from contact_suppressions as block
    where block.lane = contacts.lane and block.contact_id = contacts.id and block.lifted_at is null
      and (block.until is null or block.until > ${at}::timestamptz)
      and (block.scope = 'all' or (select category from purposes where id = ${purposeId}::uuid) = 'MARKETING')
  ))`;
}
