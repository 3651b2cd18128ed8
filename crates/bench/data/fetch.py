"""Fetches for a local index what it lacks. Run as `python -I fetch.py` by uvshift.

uvshift opens no connection to the outside. This script does it through the session of the pip at hand, so that the
certificates, proxies, client certificates, netrc and keyring that hold for pip hold here; without a pip it makes do with
urllib. It asks uvshift for work over loopback, with a token that only it has been given, and ends when uvshift does.

Several threads, since one run of uv asks for fifty files at once, and one long-lived process, since pip's session alone
takes longer to import than most files take to arrive.
"""

import base64
import codecs
import hashlib
import http.client
import json
import os
import sys
import threading
import time
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

THREADS = 6
ATTEMPTS = 3
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b")
CHUNK = 256 * 1024
PAGE_LIMIT = 64 * 1024 * 1024
PAGE_TYPES = (
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.2, text/html; q=0.1"
)


class Failure(Exception):
    """Something that is wrong for good: trying again does not help."""


class Trouble(Exception):
    """Something that may be better at the next try."""


def main():
    port = int(os.environ.pop("UVSHIFT_FETCH_PORT"))
    token = os.environ.pop("UVSHIFT_FETCH_TOKEN")
    folder = os.environ.pop("UVSHIFT_FETCH_FOLDER")
    settings = json.loads(Index(port, token).call("GET", "/-/settings"))
    sessions = Sessions(settings["indexes"])
    for _ in range(THREADS):
        worker = threading.Thread(target=work, args=(Index(port, token), sessions, folder), daemon=True)
        worker.start()
    # The workers may all be busy, so somebody else has to hear that it is over.
    index = Index(port, token)
    while True:
        index.call("GET", "/-/watch")


class Index:
    """The connection of one thread to the local index."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Authorization": "Bearer " + token}

    def call(self, method, path, body=None):
        """The body of the answer, None when there is nothing to do. Ends the process when the index has ended."""
        try:
            self.connection.request(method, path, body, self.headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            os._exit(0)
        if answer.status == 204:
            return None
        if answer.status != 200:
            os._exit(0)
        return content


def work(index, sessions, folder):
    session = None
    while True:
        job = index.call("GET", "/-/work")
        if job is None:
            continue
        job = json.loads(job)
        path = os.path.join(folder, job["partial"])
        try:
            if session is None:
                session = sessions.make()
            outcome = fetch(session, job, path)
        except Failure as error:
            outcome = {"outcome": "failed", "message": str(error)}
        except Exception as error:
            outcome = {"outcome": "failed", "message": described(error)}
        outcome["id"] = job["id"]
        outcome["message"] = outcome.get("message", "")[:2000]
        index.call("POST", "/-/done", json.dumps(outcome).encode())


def described(error):
    """What went wrong, from kinds and from words of the system alone: messages of libraries quote addresses."""
    words = []
    while error is not None and len(words) < 8:
        words.append(type(error).__name__)
        detail = getattr(error, "verify_message", None) or getattr(error, "strerror", None)
        # The second one is how urllib3 says how many answers had which status.
        if isinstance(error, Trouble) or type(error).__name__ == "ResponseError":
            detail = str(error)
        if isinstance(detail, str) and detail:
            words.append(detail)
        first = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
        reason = getattr(error, "reason", None)
        nested = reason if isinstance(reason, BaseException) else getattr(first, "reason", None) or first
        error = nested if isinstance(nested, BaseException) else error.__cause__ or error.__context__
    return ": ".join(words)


def fetch(session, job, path):
    for attempt in range(1, ATTEMPTS + 1):
        try:
            if job["kind"] == "page":
                return fetch_page(session, job, path)
            return fetch_file(session, job, path)
        except Failure:
            raise
        except Exception:
            # pip's session has tried again already, unless it broke in the middle.
            if attempt == ATTEMPTS or not session.again:
                raise
            time.sleep(attempt)


def fetch_page(session, job, path):
    with opened(session, job["url"], {"Accept": PAGE_TYPES, "Cache-Control": "max-age=0"}, True) as answer:
        if answer.status in (404, 410):
            return {"outcome": "absent"}
        expect_success(answer)
        body = bytearray()
        for chunk in answer.chunks():
            body += chunk
            if len(body) > PAGE_LIMIT:
                raise Failure("the page is larger than %d bytes" % PAGE_LIMIT)
        try:
            page = read_page(bytes(body), answer.url, answer.headers.get("Content-Type") or "")
        except Exception as error:
            raise Failure("the page cannot be understood (%s)" % type(error).__name__) from error
    with open(path, "wb") as file:
        file.write(json.dumps(page).encode())
    return {"outcome": "kept", "bytes": len(body)}


def fetch_file(session, job, path):
    digests = {name: hashlib.new(name) for name in job["hashes"] if name in HASHES}
    length = 0
    with opened(session, job["url"], {"Accept-Encoding": "identity"}, False) as answer:
        if answer.status in (404, 410):
            return {"outcome": "absent"}
        expect_success(answer)
        promised = answer.headers.get("Content-Length")
        # A second try begins anew.
        with open(path, "wb") as file:
            for chunk in answer.chunks():
                length += len(chunk)
                if length > job["limit"]:
                    raise Failure("the file is larger than %d bytes" % job["limit"])
                for digest in digests.values():
                    digest.update(chunk)
                file.write(chunk)
        if promised is not None and promised.isdigit() and int(promised) != length:
            raise Trouble("%d of %s bytes arrived" % (length, promised))
    for name, digest in digests.items():
        if digest.hexdigest() != job["hashes"][name].lower():
            raise Failure("the %s of the file is not that of the page" % name)
    return {"outcome": "kept", "bytes": length}


def expect_success(answer):
    if answer.status in (401, 403):
        raise Failure("the index refuses access (status %d)" % answer.status)
    if answer.status != 200:
        kind = Trouble if answer.status >= 500 else Failure
        raise kind("the index answers with status %d" % answer.status)


# --- pages ---


def read_page(body, url, content_type):
    """Name, URL, hashes and marks of every file of a page, in the shape that PEP 691 gives them."""
    if content_type.split(";")[0].strip().lower().endswith("json"):
        page = json.loads(body)
        # What is no file is left to uvshift, which counts it.
        files = [file if isinstance(file, dict) else {} for file in page.get("files") or []]
        for file in files:
            if isinstance(file.get("url"), str):
                file["url"] = joined(url, file["url"])
            if "core-metadata" not in file and "dist-info-metadata" in file:
                file["core-metadata"] = file["dist-info-metadata"]
        kept = (
            "filename", "url", "hashes", "requires-python", "size", "upload-time", "yanked", "core-metadata",
        )
        files = [{name: file[name] for name in kept if file.get(name) is not None} for file in files]
        return {"files": files, "versions": page.get("versions") or []}
    parser = Links(url)
    parser.feed(body.decode(charset(content_type), "replace"))
    parser.close()
    return {"files": parser.files, "versions": []}


def joined(base, reference):
    try:
        return urljoin(base, reference)
    except ValueError:
        return ""


def charset(content_type):
    for part in content_type.split(";")[1:]:
        key, _, name = part.strip().partition("=")
        if key.lower() == "charset":
            try:
                return codecs.lookup(name.strip("\"' ")).name
            except LookupError:
                break
    return "utf-8"


class Links(HTMLParser):
    """The links of a page as PEP 503, PEP 592, PEP 658 and PEP 714 have them."""

    def __init__(self, url):
        super().__init__(convert_charrefs=True)
        self.base = url
        self.based = False
        self.files = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "base" and values.get("href") and not self.based:
            self.base = joined(self.base, values["href"])
            self.based = True
        if tag == "a" and values.get("href"):
            self.link(values)

    def link(self, values):
        parts = urlsplit(joined(self.base, values["href"].strip()))
        filename = unquote(parts.path.rsplit("/", 1)[-1])
        if not filename:
            return
        file = {"filename": filename, "url": urlunsplit(parts._replace(fragment="")), "hashes": {}}
        for part in parts.fragment.split("&"):
            name, _, value = part.partition("=")
            if name in HASHES and value:
                file["hashes"][name] = value
        if values.get("data-requires-python"):
            file["requires-python"] = values["data-requires-python"]
        if "data-yanked" in values:
            file["yanked"] = values["data-yanked"] or True
        metadata = values.get("data-core-metadata", values.get("data-dist-info-metadata"))
        if metadata is not None:
            name, _, value = metadata.partition("=")
            file["core-metadata"] = {name: value} if value else True
        self.files.append(file)


# --- sessions ---


class Sessions:
    """Makes a session for each thread: those of requests may not be shared."""

    def __init__(self, indexes):
        self.indexes = indexes
        self.lock = threading.Lock()
        self.with_files = any(urlsplit(index).scheme == "file" for index in indexes)

    def make(self):
        with self.lock:
            try:
                return PipSession(self.indexes)
            except (ImportError, AttributeError, TypeError) as error:
                # No pip, or one whose inside is another one.
                print("without pip: %s" % type(error).__name__, file=sys.stderr)
                return PlainSession(self.indexes)


def opened(session, url, headers, decode):
    scheme = urlsplit(url).scheme.lower()
    if scheme == "file":
        # uvshift hands out such an address only below an index that is one itself.
        return FileAnswer(url)
    if scheme not in ("http", "https"):
        raise Failure("an address with `%s` is not fetched" % scheme)
    return session.open(url, headers, decode)


class PipSession:
    """The session that `pip download` would use, with everything that configures it."""

    def __init__(self, indexes):
        from pip._internal.commands import create_command

        command = create_command("download")
        # The packages are kept by uvshift; pip's own cache shall not grow by them.
        arguments = ["--no-cache-dir"]
        for number, index in enumerate(indexes):
            arguments += ["--extra-index-url" if number else "--index-url", index]
        options, _ = command.parse_args(arguments)
        options.timeout = max(float(options.timeout or 0), 60)
        self.session = command._build_session(options)
        # Asks for nothing, but unlike with `--no-input` the keyring is asked as pip would.
        self.session.auth._prompt_for_password = lambda netloc: (None, None, False)
        self.again = True
        # A redirect or a page may not lead to a file of this machine.
        self.session.adapters.pop("file://", None)

    def open(self, url, headers, decode):
        self.again = False
        answer = PipAnswer(self.session.get(url, headers=headers, stream=True), decode)
        self.again = True
        return answer


class PipAnswer:
    def __init__(self, response, decode):
        self.response = response
        self.decode = decode
        self.status = response.status_code
        self.url = response.url
        self.headers = response.headers

    def chunks(self):
        return self.response.raw.stream(CHUNK, decode_content=self.decode)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()


class PlainSession:
    """urllib with its proxies and certificates, netrc, and the credentials of the indexes."""

    def __init__(self, indexes):
        import ssl
        import urllib.request

        self.request = urllib.request
        self.credentials = {}
        for index in indexes:
            parts = urlsplit(index)
            if parts.username is not None:
                self.credentials[place(parts)] = (unquote(parts.username), unquote(parts.password or ""))
        context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
        self.opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            self.opener.add_handler(handler)

    again = True

    def open(self, url, headers, decode):
        import urllib.error

        parts = urlsplit(url)
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
        request = self.request.Request(urlunsplit(bare), headers=dict(headers))
        credentials = self.credentials.get(place(parts)) or self.from_netrc(parts.hostname)
        if credentials:
            encoded = base64.b64encode(":".join(credentials).encode()).decode()
            # Not sent on to where a redirect leads.
            request.add_unredirected_header("Authorization", "Basic " + encoded)
        try:
            return PlainAnswer(self.opener.open(request, timeout=60))
        except urllib.error.HTTPError as error:
            return PlainAnswer(error)

    @staticmethod
    def from_netrc(host):
        import netrc

        try:
            found = netrc.netrc(os.environ.get("NETRC") or None).authenticators(host)
        except (OSError, netrc.NetrcParseError):
            return None
        return (found[0], found[2]) if found else None


def place(parts):
    return parts.scheme, parts.hostname, parts.port


class PlainAnswer:
    def __init__(self, response):
        self.response = response
        self.status = response.status if hasattr(response, "status") else response.code
        self.url = response.geturl()
        self.headers = response.headers

    def chunks(self):
        return iter(lambda: self.response.read(CHUNK), b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()


class FileAnswer:
    """A file of this machine, for an index whose address begins with `file:`."""

    headers = {}

    def __init__(self, url):
        from urllib.request import url2pathname

        path = url2pathname(urlsplit(url).path)
        if os.path.isdir(path):
            path = os.path.join(path, "index.html")
            url = url.rstrip("/") + "/index.html"
        self.url = url
        self.status = 200 if os.path.isfile(path) else 404
        self.file = open(path, "rb") if self.status == 200 else None

    def chunks(self):
        return iter(lambda: self.file.read(CHUNK), b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.file:
            self.file.close()


if __name__ == "__main__":
    main()
