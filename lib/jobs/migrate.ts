import { Logger, runMigrations } from "graphile-worker";
import postgres from "postgres";

/**
 * Brings the queue's schema up to date and says who may do what with it: every process enqueues through one function,
 * only the worker sees and runs jobs. `ownerUrl` signs in as contraste_owner.
 */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  await runMigrations({ connectionString: ownerUrl, logger: new Logger(() => () => {}) });
  const client = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await client.unsafe(GRANTS);
  } finally {
    await client.end();
  }
}

/**
 * graphile-worker guards its tables by row security without policies, so that only their owner gets through. The
 * worker gets a policy; console and ingress get a function that runs as the owner and can only add.
 */
const GRANTS = `
create schema if not exists jobs;
grant usage on schema jobs to contraste_console, contraste_ingress, contraste_worker, contraste_auditor;

create or replace function jobs.enqueue(p_name text, p_payload json, p_key text, p_run_at timestamptz, p_max_attempts integer)
  returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$
  select id from graphile_worker.add_job(
    p_name, p_payload, run_at => p_run_at, max_attempts => p_max_attempts, job_key => p_key)
$$;
revoke all on function jobs.enqueue from public;
grant execute on function jobs.enqueue to contraste_console, contraste_ingress, contraste_worker;

create or replace view jobs.failed as
  select job.id, task.identifier as name, job.attempts, job.max_attempts, job.last_error, job.run_at, job.created_at,
    job.updated_at as failed_at
  from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
  where job.attempts >= job.max_attempts and job.locked_at is null and job.last_error is not null;
grant select on jobs.failed to contraste_console, contraste_worker, contraste_auditor;

grant usage on schema graphile_worker to contraste_worker;
grant select, insert, update, delete on all tables in schema graphile_worker to contraste_worker;
revoke insert, update, delete on graphile_worker.migrations from contraste_worker;
grant usage on all sequences in schema graphile_worker to contraste_worker;
do $$
declare
  v_table regclass;
begin
  for v_table in
    select oid from pg_class
    where relnamespace = 'graphile_worker'::regnamespace and relkind = 'r' and relrowsecurity
      and not exists (select from pg_policy where polrelid = pg_class.oid)
  loop
    execute format('create policy worker_runs_jobs on %s to contraste_worker using (true) with check (true)', v_table);
  end loop;
end $$;
`;
