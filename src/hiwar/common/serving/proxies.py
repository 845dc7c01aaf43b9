"""Configurations of the servers in front, made from the settings: Caddy and nginx.

What they must do: replace what clients say of themselves (the house believes the last word), take
bodies whole before the house sees them, take answers whole from the house before slow readers get
them, refuse other hosts, and write no log of who read what.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_bidi, gettext, override

from hiwar.common.checks import is_public
from hiwar.common.serving.bridge import FILE_DOORS, LARGEST_FORM, LARGEST_UPLOAD

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Front:
    """What a server in front has to know.

    Attributes
    ----------
    hosts : list of str
        Names under which it answers; any other is refused.
    inside : str
        ``address:port`` where the house listens.
    certificate, key : str
        Files of the certificate, for nginx alone: Caddy sees to its own.
    has_own_authority : bool
        Whether Caddy signs its certificates itself, as in an office without internet.
    port, plain_port : int
        Where it listens, with TLS and without.
    """

    hosts: list[str]
    inside: str
    certificate: str = ""
    key: str = ""
    has_own_authority: bool = False
    port: int = 443
    plain_port: int = 80


def front(*, has_own_authority: bool = False, certificate: str = "", key: str = "") -> Front:
    """Return what a server in front of this installation has to know."""
    hosts = [host for host in settings.ALLOWED_HOSTS if is_public(host)]
    folder = f"/etc/letsencrypt/live/{hosts[0] if hosts else 'localhost'}"
    return Front(
        hosts or ["localhost"],
        settings.BIND,
        certificate or f"{folder}/fullchain.pem",
        key or f"{folder}/privkey.pem",
        has_own_authority,
    )


def caddy(to: Front) -> str:
    """Return a Caddyfile, for Caddy 2.6 and later."""
    names = ", ".join(f"https://{host}:{to.port}" for host in to.hosts)
    tls = "\n\ttls internal" if to.has_own_authority else ""
    return f"""# Made by `hiwar proxy caddy` from the settings; after a change of hosts, again.
# No access log is written: a line for each request would tell who read and voted when.
{{
	http_port {to.plain_port}
	https_port {to.port}
	admin off
	servers {{
		protocols h1 h2
		timeouts {{
			read_header 10s
			read_body 2m
			write 2m
			idle 2m
		}}
	}}
	log {{
		level ERROR
	}}
}}

{names} {{{tls}
	encode gzip
	# Said to be too large: refused before a byte of it is taken. Between 2 and 3 million bytes the
	# house itself refuses.
	@large {{
		not path {" ".join(f"{door}*" for door in FILE_DOORS)}
		header_regexp Content-Length ^([3-9]\\d{{6}}|\\d{{8,}})$
	}}
	respond @large 413
	@larger header_regexp Content-Length ^([7-9]\\d{{7}}|\\d{{9,}})$
	respond @larger 413
	request_body {{
		max_size {LARGEST_UPLOAD // MEBIBYTE}MiB
	}}
	reverse_proxy {to.inside} {{
		# What clients say of themselves is replaced; Host goes on as it came.
		header_up X-Forwarded-For {{remote_host}}
		header_up X-Forwarded-Proto https
		header_up -X-Forwarded-Host
		header_up -Forwarded
		# Neither slow senders nor slow readers hold a place of the house.
		buffer_requests
		buffer_responses
		max_buffer_size {LARGEST_UPLOAD // MEBIBYTE}MiB
		transport http {{
			dial_timeout 5s
			response_header_timeout 2m
		}}
	}}
	handle_errors {{
		@away expression `{{err.status_code}} in [502, 503, 504]`
		header @away Content-Type "text/html; charset=utf-8"
		header @away Retry-After 30
		header @away Cache-Control no-store
		respond @away `{away()}` 503
	}}
}}
"""


def nginx(to: Front) -> str:
    """Return a file for nginx's ``http`` block, for nginx 1.22 and later."""
    names = " ".join(to.hosts)
    return f"""# Made by `hiwar proxy nginx` from the settings; after a change of hosts, again.
# No access log is written: a line for each request would tell who read and voted when.
upstream hiwar {{
    server {to.inside};
    keepalive 16;
}}

server {{
    listen {to.plain_port} default_server;
    server_name _;
    access_log off;
    server_tokens off;
    return 301 https://$host$request_uri;
}}

# Another host than ours ends here, before the house sees it.
server {{
    listen {to.port} ssl default_server;
    server_name _;
    access_log off;
    server_tokens off;
    ssl_certificate {to.certificate};
    ssl_certificate_key {to.key};
    return 421;
}}

server {{
    listen {to.port} ssl http2;
    server_name {names};
    access_log off;
    error_log stderr crit;
    server_tokens off;
    ssl_certificate {to.certificate};
    ssl_certificate_key {to.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets off;

    client_header_timeout 10s;
    client_body_timeout 20s;
    send_timeout 20s;
    large_client_header_buffers 4 16k;

    gzip on;
    gzip_types text/css application/javascript application/json image/svg+xml;

{_place("/", LARGEST_FORM)}
{chr(10).join(_place(door, LARGEST_UPLOAD) for door in FILE_DOORS)}
    location @away {{
        internal;
        default_type "text/html; charset=utf-8";
        add_header Retry-After 30 always;
        add_header Cache-Control no-store always;
        return 503 '{away()}';
    }}
}}
"""


def _place(path: str, largest: int) -> str:
    """Return a place of nginx whose bodies may have so many bytes."""
    return f"""
    location {path} {{
        client_max_body_size {largest // MEBIBYTE}m;
        proxy_pass http://hiwar;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        # What clients say of themselves is replaced.
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto https;
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header Forwarded "";
        # Neither slow senders nor slow readers hold a place of the house.
        proxy_request_buffering on;
        proxy_buffering on;
        proxy_buffers 16 32k;
        proxy_connect_timeout 5s;
        proxy_read_timeout 120s;
        error_page 502 504 =503 @away;
    }}""".lstrip("\n")


def away() -> str:
    """Return the page of the moments in which the house is started anew, in every language.

    Nothing is known of the reader then.
    """
    words = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            direction = "rtl" if get_language_bidi() else "ltr"
            text = gettext("Back in a moment. Nothing that was acknowledged is lost.")
        words.append(f'<p lang="{code}" dir="{direction}">{text}</p>')
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>503</title>'
        '<meta name="viewport" content="width=device-width">' + "".join(words) + "</html>"
    )


MADE = {"caddy": caddy, "nginx": nginx}
