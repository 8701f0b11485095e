from corsheaders.signals import check_request_enabled


def allow_ok_to_everyone(sender, request, **kwargs):
    return request.path == "/ok"


check_request_enabled.connect(allow_ok_to_everyone)
CORS_ALLOWED_ORIGINS = []
