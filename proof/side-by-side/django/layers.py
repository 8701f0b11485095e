"""Layers around the views."""

from django.http import HttpResponse


def fail(get_response):
    """Fails for one path."""

    def layer(request):
        if request.path == "/inner":
            raise RuntimeError("inner")
        return get_response(request)

    return layer


def authenticate(get_response):
    """Needs a header in every request, preflights included, as people have it."""

    def layer(request):
        if "Authorization" not in request.headers:
            return HttpResponse("log in", status=401)
        return get_response(request)

    return layer
