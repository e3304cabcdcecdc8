-- Roles and the database, once, by a superuser: HAMAYNK_SECRETS=<folder> psql -X -f setup.sql postgres
-- HAMAYNK_SECRETS names the folder with owner-password, pooler-password and backup-password.
\set ON_ERROR_STOP on
\set owner_password `cat "$HAMAYNK_SECRETS/owner-password"`
\set pooler_password `cat "$HAMAYNK_SECRETS/pooler-password"`
\set backup_password `cat "$HAMAYNK_SECRETS/backup-password"`

CREATE ROLE hamaynk_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE pooler LOGIN PASSWORD :'pooler_password';
CREATE ROLE hamaynk_backup LOGIN REPLICATION PASSWORD :'backup_password';
CREATE DATABASE hamaynk OWNER hamaynk_owner TEMPLATE template0 ENCODING 'UTF8'
  LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';

\connect hamaynk
-- The pooler learns of our roles and of no others. "hmk" is DEPLOYMENT.
CREATE SCHEMA pooler;
CREATE FUNCTION pooler.lookup(INOUT name text, OUT secret text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
  $$SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname = name AND rolname LIKE 'hmk\_%' AND rolcanlogin$$;
REVOKE ALL ON FUNCTION pooler.lookup FROM PUBLIC;
GRANT CONNECT ON DATABASE hamaynk TO pooler;
GRANT USAGE ON SCHEMA pooler TO pooler;
GRANT EXECUTE ON FUNCTION pooler.lookup TO pooler;
