#!/bin/sh
# Makes the inputs of UploadTableTests with openssl, in the current folder: a root, an intermediate
# below it and leaves of each kind of key, then the same in every format.
set -eu

cat > ext.cnf <<'X'
[root]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
[leaf]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:relay.example.test,DNS:mx.example.test
X

key() { # name, then the options of genpkey
  name=$1; shift
  openssl genpkey "$@" -out "$name.key" 2>/dev/null
}
signed() { # name, subject, section, issuer, more
  name=$1; subject=$2; section=$3; issuer=$4; shift 4
  openssl req -new -key "$name.key" -subj "$subject" -out "$name.csr"
  openssl x509 -req -in "$name.csr" -CA "$issuer.crt" -CAkey "$issuer.key" -CAcreateserial \
    -days 300 -extfile ext.cnf -extensions "$section" "$@" -out "$name.crt" 2>/dev/null
}

key root -algorithm EC -pkeyopt ec_paramgen_curve:P-384
openssl req -new -key root.key -subj "/CN=Root" -out root.csr
openssl x509 -req -in root.csr -signkey root.key -days 3000 -extfile ext.cnf -extensions root \
  -out root.crt 2>/dev/null
key middle -algorithm EC -pkeyopt ec_paramgen_curve:P-256
signed middle "/CN=Middle" root root

key rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
key ec -algorithm EC -pkeyopt ec_paramgen_curve:P-256
key ed -algorithm ED25519
key weak -algorithm RSA -pkeyopt rsa_keygen_bits:1024
for leaf in rsa ec ed weak; do signed $leaf "/CN=$leaf.example.test" leaf middle; done
signed ec "/CN=ec.example.test" leaf middle
key old -algorithm RSA -pkeyopt rsa_keygen_bits:2048
signed old "/CN=old.example.test" leaf middle -sha1

# PEM
cat ec.crt middle.crt root.crt ec.key > inorder.pem
cat root.crt ec.key middle.crt ec.crt > reversed.pem
{ echo "Subject: the new certificate"; echo; cat middle.crt; echo "--"; cat ec.crt; echo "and the key:"; cat ec.key; } > mail.txt
openssl x509 -in ec.crt -text > text.pem; cat ec.key middle.crt root.crt >> text.pem
sed 's/$/\r/' inorder.pem > dos.pem
iconv -f ASCII -t UTF-16 inorder.pem > utf16.pem
cat ec.crt ec.key > alone.pem
cat inorder.pem old.crt > stranger.pem
cat ec.crt rsa.key > mismatch.pem
cat ec.crt ec.key rsa.crt rsa.key > two.pem
cat weak.crt middle.crt root.crt weak.key > weak.pem
cat old.crt middle.crt root.crt old.key > sha1.pem
cat ed.crt middle.crt root.crt ed.key > ed.pem
openssl x509 -in ec.crt -trustout -addtrust serverAuth -out trusted.crt
cat trusted.crt middle.crt root.crt ec.key > trusted.pem

# keys
openssl rsa -in rsa.key -traditional -out rsa.pkcs1.key 2>/dev/null
openssl ec -in ec.key -out ec.sec1.key 2>/dev/null
openssl ecparam -name prime256v1 > ec.params.key; cat ec.sec1.key >> ec.params.key
openssl rsa -in rsa.key -traditional -aes256 -passout pass:secret -out rsa.legacy.key 2>/dev/null
openssl ec -in ec.key -aes128 -passout pass:secret -out ec.legacy.key 2>/dev/null
openssl rsa -in rsa.key -traditional -des3 -passout pass:secret -out rsa.des3.key 2>/dev/null
openssl pkcs8 -topk8 -in ec.key -passout pass:secret -out ec.pkcs8.key
openssl pkcs8 -topk8 -in ec.key -v1 PBE-SHA1-3DES -passout pass:secret -out ec.pbes1.key
openssl pkcs8 -topk8 -in ec.key -scrypt -passout pass:secret -out ec.scrypt.key
openssl pkcs8 -topk8 -in ec.key -nocrypt -outform DER -out ec.pkcs8.der
openssl pkcs8 -topk8 -in ec.key -passout pass:secret -outform DER -out ec.encrypted.der
openssl rsa -in rsa.key -traditional -outform DER -out rsa.pkcs1.der 2>/dev/null
openssl ec -in ec.key -outform DER -out ec.sec1.der 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out explicit.key

# DER, PKCS#7, PKCS#12
for one in rsa ec ed middle root; do openssl x509 -in $one.crt -outform DER -out $one.der; done
cat middle.crt root.crt > issuers.pem
openssl crl2pkcs7 -nocrl -certfile ec.crt -certfile issuers.pem -out chain.p7b
openssl crl2pkcs7 -nocrl -certfile issuers.pem -certfile ec.crt -outform DER -out chain.p7b.der
p12() { # name, leaf, more
  name=$1; leaf=$2; shift 2
  openssl pkcs12 -export -in $leaf.crt -inkey $leaf.key -certfile issuers.pem -passout pass:secret \
    -name "$leaf" "$@" -out "$name.p12" 2>/dev/null
}
for one in rsa ec ed; do p12 modern.$one $one; done
p12 nomac ec -nomac
openssl pkcs12 -export -in ec.crt -inkey ec.key -certfile issuers.pem -passout pass: -out empty.p12
openssl pkcs12 -export -in ec.crt -inkey ec.key -certfile issuers.pem -passout pass:secret \
  -keypbe NONE -certpbe NONE -out open.p12
openssl pkcs12 -export -nokeys -in issuers.pem -passout pass:secret -out authorities.p12
p12 legacy rsa -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES || rm -f legacy.p12
p12 des3 rsa -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1 || true

# what cannot be used
head -c 600 inorder.pem > cut.pem
head -c 300 ec.der > cut.der
head -c 700 modern.ec.p12 > cut.p12
printf 'hello, world\n' > words.txt
: > nothing.pem
openssl enc -aes-128-ctr -K 5eed -iv 5eed -in ext.cnf -out noise.bin 2>/dev/null
sed '3s/^...../%%%%%/' ec.crt > damaged.pem
cp ec.csr request.pem
