-- Creates the database nedwatch and its two logins, neither a superuser. psql runs this as a superuser at every start:
-- what exists stays, and a new NEDWATCH_DATABASE_PASSWORD takes effect.
\set ON_ERROR_STOP on
\getenv password NEDWATCH_DATABASE_PASSWORD
-- The server's log must not hold the password, not even when a statement fails.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['nedwatch_app', 'nedwatch_sweep', 'nedwatch_owner', 'nedwatch_service']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- What the program works as: they own nothing, and nobody logs in as them.
ALTER ROLE nedwatch_app NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT NOLOGIN;
ALTER ROLE nedwatch_sweep NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT NOLOGIN;
GRANT nedwatch_sweep TO nedwatch_app;

-- NEDWATCH_OWNER_URL: owns the database and its tables, migrates them and reads backups.
ALTER ROLE nedwatch_owner NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS LOGIN PASSWORD :'password';
GRANT nedwatch_app, nedwatch_sweep TO nedwatch_owner;

-- DATABASE_URL: may do nothing but become nedwatch_app.
ALTER ROLE nedwatch_service NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT LOGIN PASSWORD :'password';
GRANT nedwatch_app TO nedwatch_service;

SELECT 'CREATE DATABASE nedwatch OWNER nedwatch_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'nedwatch') \gexec
REVOKE ALL ON DATABASE nedwatch FROM PUBLIC;
GRANT CONNECT ON DATABASE nedwatch TO nedwatch_service;
