#!/usr/bin/env bash
# Installs the archives of a release with cargo-binstall, from a server on this machine: binstall.sh ARCHIVES
#
# The manifest is this repository's, with the address of the server as the repository, for which a certificate is made.
set -euo pipefail
archives=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
cd "$work"

certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -days 1 -keyout authority.key -out authority.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 1 -copy_extensions copy -out server.pem
} 2> /dev/null

certificate
version=$(cd "$here" && python3 -c 'import project; print(project.VERSION)')
mkdir -p "site/releases/download/v$version" project/src port
cp "$archives"/*.tar.gz "site/releases/download/v$version/"
mkfifo port/number
python3 - > port/number 2> /dev/null <<'SERVER' &
import functools, http.server, ssl
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.pem", "server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
SERVER
server=$!
read -r port < port/number
cp "$here/../../src/main.rs" "$here/../../src/lib.rs" project/src/
sed "s,^repository = .*,repository = \"https://localhost:$port\"," "$here/../../Cargo.toml" > project/Cargo.toml
cargo binstall proviso --manifest-path project --root-certificates authority.pem --root installed --no-confirm --disable-telemetry
installed/bin/proviso --version
installed/bin/proviso demo --color never | grep '1 violates'
