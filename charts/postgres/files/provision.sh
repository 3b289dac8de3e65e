# Makes or updates a role and a database for each name in DATABASES, and the exporter's role. The roles of DATABASES get ROLE_SETTINGS,
# "name=value name=value". Safe to repeat.
set -euo pipefail

until pg_isready --quiet; do
  echo "waiting for $PGHOST:$PGPORT"
  sleep 1
done

# As a superuser, keep the passwords out of the server's log even when a statement fails.
prelude() {
  cat <<'SQL'
\set password `cat "$CREDENTIALS/password"`
SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user \gset
\if :super
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
\endif
SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SQL
}

run() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set role="$1"
}

for database in $DATABASES; do
  export CREDENTIALS=/credentials/$database
  {
    prelude
    cat <<'SQL'
\if :super
\else
GRANT :"role" TO CURRENT_USER;
\endif
SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE :"role" FROM PUBLIC;
SQL
    for setting in $ROLE_SETTINGS; do
      echo "ALTER ROLE :\"role\" SET ${setting%%=*} = '${setting#*=}';"
    done
  } | run "$database"
  echo "$database: database and role are there"
done

export CREDENTIALS=/credentials/exporter
if [ -d "$CREDENTIALS" ]; then
  { prelude; echo 'GRANT pg_monitor TO :"role";'; } | run exporter
  echo "exporter: role is there"
fi
