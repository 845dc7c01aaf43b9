"""A real mail server on this machine: Dovecot takes mail by LMTP and shows it by IMAP."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
PASSWORD = "tests-only"
# What both ways of writing the configuration have in common.
COMMON = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
recipient_delimiter = +
ssl = no
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""
# Dovecot 2.3 of Debian 12.
BEFORE_2_4 = """
mail_location = maildir:{folder}/mail/%u
auth_username_format = %Ln
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u allow_all_users=yes
}}
"""
# Dovecot 2.4 of Debian 13: the version stands first.
FROM_2_4 = """
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
auth_username_format = %{{user | username | lower}}
auth_allow_cleartext = yes
passdb static {{
  password = {password}
}}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/home/%{{user}}
  }}
}}
"""


def configuration() -> str:
    """Return the configuration that the installed Dovecot reads."""
    told = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in told.split(".")[:2]) < (2, 4):
        return COMMON + BEFORE_2_4
    return "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n" + COMMON + FROM_2_4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MailServer:
    """A running Dovecot: who writes to it, and what lies in a mailbox."""

    folder: Path
    imap: int
    lmtp: int
    process: subprocess.Popen[bytes]

    def deliver(self, sender: str, recipient: str, content: bytes) -> None:
        """Put a message into a mailbox, as a relay does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [recipient], content, ["BODY=8BITMIME"])

    def mails(self, user: str) -> Iterator[EmailMessage]:
        """Yield what lies in a mailbox, as its owner fetches it."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as imap:
            imap.login(user, PASSWORD)
            imap.select("INBOX")
            _status, found = imap.uid("SEARCH", "ALL")
            for uid in found[0].split():
                _status, answer = imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                mail = message_from_bytes(answer[0][1], policy=policy.default)
                assert isinstance(mail, EmailMessage)
                yield mail

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        if self.process.stderr is not None:
            self.process.stderr.close()


@contextmanager
def running() -> Iterator[MailServer]:
    """Run Dovecot while something is tried; where it is absent, that is said."""
    if not Path(DOVECOT).exists():
        reason = "dovecot is absent: apt-get install dovecot-imapd dovecot-lmtpd"
        (pytest.fail if os.environ.get("HIWAR_REQUIRE_ALL") else pytest.skip)(reason)
    # A place that the unprivileged user of the server may enter; sockets need a short path.
    folder = Path(f"/tmp/hiwar-mail-{uuid4().hex[:8]}")  # noqa: S108 - removed below
    folder.mkdir(mode=0o755)
    server = start(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


def start(folder: Path) -> MailServer:
    """Start Dovecot in a folder of its own. Its sign-in refuses to run as root."""
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    imap, lmtp = free_port(), free_port()
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    text = configuration().format(
        folder=folder, user=user, group=group, imap=imap, lmtp=lmtp, password=PASSWORD
    )
    (folder / "dovecot.conf").write_text(text, "ascii")
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user, group)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
        user=user if os.geteuid() == 0 else None,
        group=group if os.geteuid() == 0 else None,
        extra_groups=[] if os.geteuid() == 0 else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", imap), timeout=1).close()
            socket.create_connection(("127.0.0.1", lmtp), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return MailServer(folder, imap, lmtp, process)
    process.kill()
    _out, error = process.communicate()
    log = (folder / "log").read_text() if (folder / "log").exists() else ""
    message = f"dovecot did not start: {error.decode()} {log}"
    raise RuntimeError(message)
