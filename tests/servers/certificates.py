"""A certificate authority for one test run, so that TLS is checked in tests as it is in a library."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers.daemon import Guard, program

_AUTHORITY = """[req]
distinguished_name = name
x509_extensions = ca
prompt = no
[name]
CN = mailbot test authority
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""

_LEAF = """basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


class Authority:
    """Vouches by ``ca_file`` for ``certificate`` and ``key``, which name localhost.

    It vouches too for ``other_certificate`` and ``other_key``, which name another host. ``strange_ca_file``
    is a CA that vouches for neither.
    """

    def __init__(self) -> None:
        self._openssl = program("openssl", "openssl")
        self.folder = Path(tempfile.mkdtemp(prefix="mbt-", dir="/tmp"))
        self.folder.chmod(0o755)
        self._guard = Guard('rm -rf "$1"', str(self.folder))
        atexit.register(self.close)
        self.ca_file = self._authority("ca")
        self.strange_ca_file = self._authority("strange")
        self.certificate, self.key = self._leaf("localhost", "DNS:localhost,IP:127.0.0.1")
        self.other_certificate, self.other_key = self._leaf("other", "DNS:imap.elsewhere.example")

    def close(self) -> None:
        """Leave nothing behind."""
        atexit.unregister(self.close)
        self._guard.dismiss()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            [self._openssl, *arguments], cwd=self.folder, check=True, capture_output=True, stdin=subprocess.DEVNULL
        )

    def _key(self, name: str) -> Path:
        self._run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        return self.folder / f"{name}.key"

    def _authority(self, name: str) -> Path:
        (self.folder / "ca.conf").write_text(_AUTHORITY)
        self._key(name)
        self._run(
            *("req", "-x509", "-new", "-config", "ca.conf", "-days", "30"),
            *("-key", f"{name}.key", "-out", f"{name}.pem"),
        )
        return self.folder / f"{name}.pem"

    def _leaf(self, name: str, names: str) -> tuple[Path, Path]:
        key = self._key(name)
        (self.folder / f"{name}.ext").write_text(_LEAF.format(names=names))
        (self.folder / f"{name}.conf").write_text(
            f"[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = {name}\n"
        )
        self._run("req", "-new", "-config", f"{name}.conf", "-key", f"{name}.key", "-out", f"{name}.csr")
        self._run(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", str(len(name))),
            *("-days", "30", "-sha256", "-extfile", f"{name}.ext", "-out", f"{name}.pem"),
        )
        return self.folder / f"{name}.pem", key
