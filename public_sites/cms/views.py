"""The content management system's own doors, which lead to the office's."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from hamaynk.contract import public


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """The office's sign-in, and back."""
    return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, "/cms/"), resolve_url("account_login"))


@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """The office's own question whether to sign out."""
    return redirect("account_logout")
