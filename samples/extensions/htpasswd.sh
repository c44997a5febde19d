#!/bin/sh
# A sample extension: passwords of a web server's user file, one "name:hash" a line (SHA-512 crypt).
# Its one parameter is "file". It needs openssl and base64; docs/extensions.md describes the protocol.
# A password goes from one pipe to the next: never into an argument, a variable of the environment, or a file.
umask 077
file=

field() { printf '%s' "$line" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
number() { printf '%s' "$line" | sed -n 's/^{"id":\([0-9]*\),.*/\1/p'; }
yes() { printf '{"id":%s,"ok":true%s}\n' "$id" "$1"; }
no() { printf '{"id":%s,"ok":false,"error":"%s","message":"%s"}\n' "$id" "$1" "$2"; }

# Names are kept to what needs no escape, in JSON and in sed.
is_plain() { case $1 in '' | *[!A-Za-z0-9._@-]*) return 1 ;; esac; }
hash_of() { awk -F: -v name="$1" '$1 == name { print $2; exit }' "$file"; }
decode() { printf '%s\n' "$1" | base64 -d 2>/dev/null; }
matches() { # whether the base64 password $1 gives the hash $2
  salt=$(printf '%s' "$2" | cut -d'$' -f3)
  [ -n "$2" ] && [ "$(decode "$1" | openssl passwd -6 -salt "$salt" -stdin)" = "$2" ]
}

is_known() {
  if ! is_plain "$name"; then no object-not-found 'No such name can be in the file'; return 1; fi
  if [ ! -w "$file" ]; then no server-down "The file cannot be written"; return 1; fi
  if ! grep -q "^$name:" "$file"; then no object-not-found "The file does not name $name"; return 1; fi
}

write_password() { # stores the base64 password $1 for $name
  if [ "$(decode "$1" | wc -c)" -lt 8 ]; then no policy-violation 'The password has less than 8 bytes'; return; fi
  hash=$(decode "$1" | openssl passwd -6 -stdin) || { no extension-error 'openssl did not hash it'; return; }
  # Not even the hash becomes an argument, which everybody on the machine could read.
  printf '%s\n' "$hash" | awk -F: -v OFS=: -v name="$name" 'NR == FNR { hash = $0; next } $1 == name { $2 = hash } { print }' \
    - "$file" >"$file.new" && mv "$file.new" "$file" && yes
}

while IFS= read -r line; do
  id=$(number)
  op=$(field op)
  name=$(field anchor)
  secret= old=
  case $line in
    *'"secrets":["oldPassword","password"]'*) IFS= read -r old; IFS= read -r secret ;;
    *'"secrets":['*) IFS= read -r secret ;;
  esac
  case $op in
    open)
      file=$(field file)
      if [ -f "$file" ]; then yes ',"version":1,"features":["set","change","verify","schema","import","fetch"]'
      else no server-down 'There is no such file'; fi ;;
    # The file lies on this machine: nothing travels.
    security) yes ',"level":"secure"' ;;
    set) is_known && write_password "$secret" ;;
    change)
      if is_known; then
        if matches "$old" "$(hash_of "$name")"; then write_password "$secret"
        else no wrong-password 'The old password is not right'; fi
      fi ;;
    verify)
      if is_known; then
        if matches "$secret" "$(hash_of "$name")"; then yes ',"verdict":"verified"'
        else yes ',"verdict":"rejected"'; fi
      fi ;;
    schema) yes ',"types":[{"name":"person","attributes":[{"name":"uid","anchor":true}]}]' ;;
    import)
      awk -F: -v id="$id" '$1 ~ /^[A-Za-z0-9._@-]+$/ {
        printf "{\"id\":%s,\"object\":{\"anchor\":\"%s\",\"type\":\"person\",\"attributes\":{\"uid\":\"%s\"}}}\n", id, $1, $1 }' "$file"
      yes ;;
    fetch)
      if is_known; then
        yes ",\"object\":{\"anchor\":\"$name\",\"type\":\"person\",\"attributes\":{\"uid\":\"$name\"}}"
      fi ;;
    close) yes; exit 0 ;;
    *) no not-implemented "$op is unknown here" ;;
  esac
  secret= old=
done
