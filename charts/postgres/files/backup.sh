# Dumps each of DATABASES into /backups/<time>/<database>.dump and keeps the KEEP newest backups.
# The folder gets its name when every dump in it is complete and readable.
set -euo pipefail
umask 077

name=$(date -u +%Y%m%dT%H%M%SZ)
work=/backups/.incomplete-$name
mkdir "$work"
trap 'rm -rf "$work"' EXIT

for database in $DATABASES; do
  PGUSER=$database PGPASSWORD=$(cat "/credentials/$database/password") \
    pg_dump --format=custom --file="$work/$database.dump" "$database"
  pg_restore --list "$work/$database.dump" >/dev/null
  echo "$database: $(stat --format=%s "$work/$database.dump") bytes"
done

sync
mv "$work" "/backups/$name"
echo "backup $name is complete"

find /backups -mindepth 1 -maxdepth 1 -name '.incomplete-*' -mtime +0 -exec rm -rf {} +
find /backups -mindepth 1 -maxdepth 1 -name '2*' | sort | head -n "-$KEEP" | while read -r old; do
  rm -rf "$old"
  echo "backup ${old##*/} is removed: $KEEP are kept"
done
