#!/bin/sh
# Makes the stores of keys and passwords that the tests read, with the programs that users have: MIT's ktutil,
# Java's keytool with Bouncy Castle's provider, pykeepass, python-mnemonic. Nothing in them opens anything.
# Debian: apt-get install krb5-user default-jdk-headless libbcprov-java python3-pykeepass python3-mnemonic
set -eu
cd "$(dirname "$0")/../fixtures/keys"
rm -f service.keytab ./*.bks ./*.kdbx

ktutil <<END
addent -password -p HTTP/web.example@EXAMPLE.ORG -k 3 -e aes256-cts-hmac-sha1-96
one password
addent -password -p host/web@EXAMPLE.ORG -k 3 -e arcfour-hmac
another password
wkt service.keytab
quit
END

for version in BKS BKS-V1; do
  for word in changeit "$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')"; do
    name=$(test "$word" = changeit && echo common || echo own)
    keytool -J-Dorg.bouncycastle.bks.enable_v1=true -genkeypair -alias mine -keyalg EC -dname CN=x -storetype "$version" \
      -keystore "$name-$version.bks" -storepass "$word" -keypass "$word" \
      -providerpath /usr/share/java/bcprov.jar \
      -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider
  done
done

/usr/bin/python3 -c 'import pykeepass; pykeepass.create_database("passwords.kdbx", password="one password")'

# Phrases of every length, their words from the last to the first, so that none stands here as it would be used.
/usr/bin/python3 - > phrases-backwards.txt <<'END'
import hashlib, mnemonic
for size in (16, 20, 24, 28, 32):
    entropy = hashlib.sha256(b"a phrase of %d" % size).digest()[:size]
    print(" ".join(reversed(mnemonic.Mnemonic("english").to_mnemonic(entropy).split())))
END
