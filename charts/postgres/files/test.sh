# Every role of DATABASES reaches its own database, may make tables there, and is refused at the others.
set -euo pipefail

until pg_isready --quiet; do sleep 0.5; done

for role in $DATABASES; do
  export PGUSER=$role PGPASSWORD
  PGPASSWORD=$(cat "/credentials/$role/password")
  for database in $DATABASES; do
    if [ "$database" = "$role" ]; then
      psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
        --command 'BEGIN; CREATE TABLE chart_test (); ROLLBACK' "$database"
      echo "$role: owns database $database"
    elif psql --no-psqlrc --quiet --command 'SELECT 1' "$database" >/dev/null 2>&1; then
      echo "$role: reaches database $database, which is not its own" >&2
      exit 1
    fi
  done
  echo "$role: is refused at the others"
done
