#!/bin/sh
# Starts Sealpost in a container: makes the console's certificate when there is none, then becomes the JVM.
#
#   SEALPOST_HOME         where everything is kept; a volume
#   SEALPOST_JAR          the program; for runs outside of a container
#   SEALPOST_CONSOLE_NAME name in the console's certificate; else the bootstrap host name, else this machine's
#   SERVER_SSL_BUNDLE     a bundle of your own; then no certificate is made here
#   JAVA_OPTS             more JVM options, e.g. -Xmx1g
set -eu
umask 077

home=${SEALPOST_HOME:-/var/lib/sealpost}
jar=${SEALPOST_JAR:-/opt/sealpost/sealpost.jar}
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

die() {
  printf 'sealpost: %s\n' "$*" >&2
  exit 1
}

[ -r "$jar" ] || die "there is no program at $jar; set SEALPOST_JAR."
mkdir -p "$home" 2>/dev/null || true
if [ ! -d "$home" ] || [ ! -w "$home" ]; then
  die "$home is not a folder that user $(id -u) may write; give the volume to that user with chown -R $(id -u)."
fi

if [ -z "${SERVER_SSL_BUNDLE:-}" ]; then
  console=$home/console
  mkdir -p "$console"
  if [ ! -s "$console/console.p12" ]; then
    name=${SEALPOST_CONSOLE_NAME:-${SEALPOST_BOOTSTRAP_HOSTNAME:-$(hostname)}}
    case $name in
      '' | *[!A-Za-z0-9.-]*) die "the name '$name' cannot stand in a certificate; set SEALPOST_CONSOLE_NAME to a host name." ;;
    esac
    rm -f "$console/new.p12"
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$console/password"
    # Key and certificate appear under their name in one step: a start that was cut off leaves none.
    "${bin}keytool" -genkeypair -alias console -keyalg EC -groupname secp256r1 -sigalg SHA256withECDSA \
      -validity 825 -dname "CN=$name" -ext "san=dns:$name,dns:localhost,ip:127.0.0.1" \
      -ext eku=serverAuth -ext ku:critical=digitalSignature \
      -storetype PKCS12 -keystore "$console/new.p12" -storepass:file "$console/password" >/dev/null 2>&1 ||
      die "keytool could not make the console's certificate in $console."
    "${bin}keytool" -exportcert -rfc -alias console -keystore "$console/new.p12" \
      -storepass:file "$console/password" >"$console/console.pem" 2>/dev/null
    sync "$console/password" "$console/new.p12" 2>/dev/null || sync
    mv "$console/new.p12" "$console/console.p12"
    printf 'sealpost: made a self-signed certificate for the console: %s\n' "$console/console.pem"
  fi
  SERVER_SSL_BUNDLE=console
  SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_LOCATION=file:$console/console.p12
  SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_TYPE=PKCS12
  SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_PASSWORD=$(cat "$console/password")
  SPRING_SSL_BUNDLE_JKS_CONSOLE_KEY_ALIAS=console
  export SERVER_SSL_BUNDLE SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_LOCATION SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_TYPE
  export SPRING_SSL_BUNDLE_JKS_CONSOLE_KEYSTORE_PASSWORD SPRING_SSL_BUNDLE_JKS_CONSOLE_KEY_ALIAS
fi
SEALPOST_HOME=$home
SERVER_ADDRESS=${SERVER_ADDRESS:-0.0.0.0}
SERVER_PORT=${SERVER_PORT:-8443}
export SEALPOST_HOME SERVER_ADDRESS SERVER_PORT

# A JVM that has lost its memory must not go on half alive: it ends and is started again.
# shellcheck disable=SC2086 # JAVA_OPTS holds several options
exec "${bin}java" -XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError ${JAVA_OPTS:-} -jar "$jar" "$@"
