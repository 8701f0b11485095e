"""The project whose CORS middleware is compared.

python3 app.py NAME... serves each of the settings NAME.py on a port of its own, and writes the ports. It ends when its input ends.
"""

import os
import runpy
import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

import corsheaders.middleware  # noqa: F401  Once, before the processes part.


class Silent(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def serve(name, server):
    # Django keeps only weak references to receivers of signals, so the module has to stay.
    module = runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))
    own = {key: value for key, value in module.items() if key.isupper()}
    configured = {
        "SECRET_KEY": "side by side",
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "ROOT_URLCONF": "urls",
        "INSTALLED_APPS": ["corsheaders"],
        "LOGGING_CONFIG": None,
        "MIDDLEWARE": [
            "corsheaders.middleware.CorsMiddleware",
            "django.middleware.common.CommonMiddleware",
            "layers.fail",
        ],
    }
    settings.configure(**(configured | own))
    server.set_app(get_wsgi_application())
    server.serve_forever()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


ports = []
for name in sys.argv[1:]:
    server = WSGIServer(("127.0.0.1", 0), Silent)
    ports.append(str(server.server_port))
    if os.fork() == 0:
        sys.stderr = open(os.devnull, "w")  # The errors are meant.
        threading.Thread(target=end_with_input, daemon=True).start()
        serve(name, server)
    server.server_close()
print(*ports, flush=True)
end_with_input()
