# Puts each of DATABASES back as it was in the backup BACKUP (a folder of /backups, or "latest"), one transaction a database:
# a restore that fails has changed nothing in that database.
set -euo pipefail

if [ "$BACKUP" = latest ]; then
  BACKUP=$(find /backups -mindepth 1 -maxdepth 1 -name '2*' -printf '%f\n' | sort | tail -n 1)
fi
for database in $DATABASES; do
  if [ ! -f "/backups/$BACKUP/$database.dump" ]; then
    echo "restore: backup '$BACKUP' has no $database.dump; there are:" >&2
    find /backups -name '*.dump' -printf '  %P\n' | sort >&2
    exit 1
  fi
done

for database in $DATABASES; do
  {
    echo 'DROP SCHEMA public CASCADE;'
    echo 'CREATE SCHEMA public AUTHORIZATION pg_database_owner;'
    echo 'GRANT USAGE ON SCHEMA public TO PUBLIC;'
    pg_restore --no-owner --no-privileges --file=- "/backups/$BACKUP/$database.dump"
  } >"/tmp/$database.sql"
  PGUSER=$database PGPASSWORD=$(cat "/credentials/$database/password") PGOPTIONS='-c client_min_messages=warning' \
    psql --no-psqlrc --quiet --output=/dev/null --set ON_ERROR_STOP=1 --single-transaction --file="/tmp/$database.sql" "$database"
  rm "/tmp/$database.sql"
  echo "$database: restored from backup $BACKUP"
done
