from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods


def respond():
    return HttpResponse(
        "ok",
        headers={
            "Cache-Control": "public, max-age=600",
            "X-Handler": "ran",
            "X-Request-Id": "7",
        },
    )


@require_http_methods(["GET", "POST", "PUT", "DELETE"])
def ok(request):
    return respond()


@require_http_methods(["OPTIONS"])
def options(request):
    return respond()


def broken(request):
    raise RuntimeError("broken")


def private(request):
    return HttpResponse("log in", status=401)


def moved(request):
    return HttpResponse(status=302, headers={"Location": "ok"})


urlpatterns = [
    path("ok", ok),
    path("options", options),
    path("broken", broken),
    path("inner", ok),
    path("private", private),
    path("moved", moved),
]
