-- The role that the server works as. It may read and write rows, but owns nothing and changes no table; the login
-- role owns the tables and migrates. Roles belong to the whole cluster, so another database may make it meanwhile.
do $$
begin
  if not exists (select from pg_roles where rolname = 'pitboss_app') then
    begin
      create role pitboss_app nologin;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant pitboss_app to %I', current_user);
    exception when insufficient_privilege or unique_violation or internal_error then
      if not pg_has_role(current_user, 'pitboss_app', 'MEMBER') then
        raise exception 'the login role % must be a member of pitboss_app', current_user;
      end if;
    end;
  end if;
end
$$;
grant usage on schema public to pitboss_app;
